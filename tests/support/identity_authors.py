"""More ways of writing who somebody is, as fourteen kinds of writers do, and suggestions that name nobody.

Nobody in here exists. Each was written without a look at the rules, and measured before the rules were mended.
"""

from __future__ import annotations

AUTHORS: dict[str, tuple[tuple[str, str], ...]] = {
    "a Javanese villager": (
        ("matur nuwun pak kertodimejo sampun dibantu", "kertodimejo"),
        ("bu mertosentono sabar banget", "mertosentono"),
        ("mas dipowijoyan cepet kerjane", "dipowijoyan"),
        ("mbah sentikromo diantar ke loket", "sentikromo"),
        ("lik parjiyono sing jaga parkir", "parjiyono"),
    ),
    "a Sundanese customer": (
        ("nuhun kang ujangsyah", "ujangsyah"),
        ("teh euissari someah pisan", "euissari"),
        ("Aa Deriansyah cekatan", "Deriansyah"),
        ("a asep di loket 2 ramah", "asep"),
        ("ceu onengsih ngabantuan", "onengsih"),
        ("Ibu Tatiekawati teliti", "Tatiekawati"),
    ),
    "a Batak driver": (
        ("lae Tumpakhon sopir B 9817 TKQ", "Tumpakhon"),
        ("mobilku b 9817 tkq", "9817"),
        ("ito Roulina baik", "Roulina"),
        ("amang sahatma sitorus", "sitorus"),
        ("truk BK9182LN antri lama", "9182"),
        ("motor ku B-4471-tzq", "4471"),
    ),
    "a Balinese patient": (
        ("bli Kadekyasa sopan", "Kadekyasa"),
        ("mbok putuariasih ramah", "putuariasih"),
        ("terima kasih ni putu ekayanti", "ekayanti"),
        ("I Gede Wirasuta di ruang 3", "Wirasuta"),
        ("jro mangkusuta", "mangkusuta"),
    ),
    "a Chinese-Indonesian trader": (
        ("ci Meilingga cepat", "Meilingga"),
        ("koh Hendrawanto", "Hendrawanto"),
        ("cik lanfang judes", "lanfang"),
        ("ko acungliem toko saya", "acungliem"),
        ("Sdr Tan Giok Hwat", "Giok"),
        ("tuan Oei Tjong Hauw", "Tjong"),
    ),
    "a patient of a doctor": (
        ("dr luwardi sabar", "luwardi"),
        ("periksa dgn dr zevania enak", "zevania"),
        ("dr Kusumatmaja,Sp.PD telaten", "Kusumatmaja"),
        ("dokter Kusumatmaja telaten", "Kusumatmaja"),
        ("dokter zevania jangan dipindah", "zevania"),
        ("drg. Ophelita", "Ophelita"),
        ("bidan Wagirah sabar", "Wagirah"),
        ("suster qonitasari galak", "qonitasari"),
        ("perawat bernama Yohanista", "Yohanista"),
        ("no.RM 00-45-67-89", "45"),
        ("nomor rekam medis saya 456789", "456789"),
    ),
    "a teacher": (
        ("pak guru Sumbagyo", "Sumbagyo"),
        ("bu guru Darmiyati", "Darmiyati"),
        ("ustadzah khumairotun mengajar", "khumairotun"),
        ("ust. ghofurrahim", "ghofurrahim"),
        ("kyai Mukhlasin", "Mukhlasin"),
        ("gus Labibuddin", "Labibuddin"),
        ("NUPTK 1234 7656 5730 0012", "7656"),
        ("pak kepsek Sumbagyo", "Sumbagyo"),
        ("NIP 19720513 199903 2 004", "199903"),
    ),
    "a young man with an account": (
        ("follow ig @kopi.senjaku", "kopi.senjaku"),
        ("ig kopisenjaku_99", "kopisenjaku_99"),
        ("dm tiktok rangerbiru77", "rangerbiru77"),
        ("tele: rangerbiru", "rangerbiru"),
        ("email kopisenja99 [at] gmail .com", "kopisenja99"),
        ("kopisenja99@gmail", "kopisenja99"),
        ("wa 0821 tiga empat lima 6 7 8 9", "0821"),
        ("wa.me / 62821345678", "62821345678"),
        ("t . me / kopisenjaku", "kopisenjaku"),
        ("wa nol delapan dua satu tiga empat lima enam tujuh delapan", "delapan dua"),
    ),
    "somebody who gives an address": (
        ("rumahku jl kluwungsari gg 3 no 12b", "kluwungsari"),
        ("alamat saya jalan Kluwungsari 12", "Kluwungsari"),
        ("tinggal di perumnas Kluwungindah C-12", "Kluwungindah"),
        ("dkh Karangkluwung rt2 rw1", "Karangkluwung"),
        ("rt.002/rw.001 ds Kluwungrejo", "002"),
        ("Blok M-12/7 Griya Kluwung", "M-12"),
        ("saya warga Dsn. Kluwungan", "Kluwungan"),
        ("no rumah 17 gang kluwung", "kluwung"),
    ),
    "somebody who was born": (
        ("saya kelahiran 7 juli 1961", "1961"),
        ("lahir tgl 7-7-61", "7-7-61"),
        ("tanggal lahir saya tujuh juli enam satu", "tujuh"),
        ("lahir di Kudus 07/07/1961", "1961"),
        ("TTL: Kudus, tujuh Juli 1961", "1961"),
        ("born 1961-07-07", "1961"),
    ),
    "somebody with papers": (
        ("paspor no. X1234567", "1234567"),
        ("passport number C 7654321", "7654321"),
        ("npwp 09.254.294.3-407.000", "254"),
        ("kk nomor 3319 0411 0203 0004", "0411"),
        ("no. polisi K 2291 BQ", "2291"),
        ("bpjs saya 0002233445566", "2233"),
        ("ktp 3319-0411.0203 0004", "0203"),
        ("sim c 9208-1234-000123", "9208"),
        ("rek bri 5921 01 012345 53 1", "012345"),
        ("nomor antrian saya dan hp 0 8 5 6-7 7 8 8-9 9 0 0", "7 7 8 8"),
    ),
    "whoever writes at the counter": (
        ("makasih banyak mbak Yustisia Prameswari", "Prameswari"),
        ("bu yustisia prameswari jutek", "yustisia"),
        ("petugas an. Sdr Gurnawan", "Gurnawan"),
        ("pa Surtarjo di loket", "Surtarjo"),
        ("Bp Kuswadiharjo", "Kuswadiharjo"),
        ("ibu2 namanya Sartikawangi", "Sartikawangi"),
        ("petugas bernama gondrolaras", "gondrolaras"),
        ("yg jaga namanya bagaskoro wirasena", "wirasena"),
        ("Mas Brihastama ganteng", "Brihastama"),
        ("mba kinantisari sopan bgt", "kinantisari"),
        ("kak jessvinna fast respon", "jessvinna"),
        ("Hormat saya, Trijatmoko", "Trijatmoko"),
        ("ttd Gurnawan Esaputra", "Gurnawan"),
        ("salam, keluarga bpk Cokrowinoto", "Cokrowinoto"),
        ("telp 024 7612345", "7612345"),
        ("hp:08561234567", "8561234567"),
        ("0856.1234.567 a/n ibu", "1234"),
        ("call me 62 856 1234 567", "1234"),
        ("wa;0856-1234567", "1234567"),
        ("08 56 12 34 56 7", "12 34 56"),
        ("no wa saya nol lapan lima enam satu dua tiga empat lima enam tujuh", "satu dua tiga empat"),
        ("nik=3374 0652 0590 0001", "0590"),
        ("NIK3374065205900001", "0652"),
        ("email: yustisia_p@kantor.go.id", "yustisia_p"),
        ("yustisia.p (at) kantor.go.id", "yustisia.p"),
        ("yustisia p at gmail", "yustisia"),
        ("e-mailku yustisiap@yahoo", "yustisiap"),
        ("IG @yustisia.p", "yustisia.p"),
        ("instagramnya yustisia_p", "yustisia_p"),
        ("fb: Yustisia Prameswari", "Prameswari"),
        ("avanza putih H 8817 FG", "8817"),
        ("nopol h 8817 fg", "8817"),
        ("mobil H8817FG", "8817"),
        ("motor G 2 XX", "G 2 XX"),
        ("jl.pemuda raya no.17b", "17b"),
        ("Jl. Diponegoro 41 rt 1 rw 4", "41"),
        ("rumah saya di desa Karangmalang rt 3", "rt 3"),
        ("gg kenanga III/5", "kenanga"),
        ("Perum. Bumi Wanamukti B4/12", "B4"),
        ("lahir di tahun 1961 bulan juli tgl 7", "1961"),
        ("usia 63 th lahir 7/7/1961", "1961"),
        ("paspor saya A 1234567", "1234567"),
        ("norm 00456789", "00456789"),
        ("dokter Wiryasaputra bedah", "Wiryasaputra"),
        ("dr.wiryasaputra", "wiryasaputra"),
        ("dr wiryasaputra, sp.a", "wiryasaputra"),
        ("ustadz hanafiyudin", "hanafiyudin"),
        ("pak haji Sobirinata", "Sobirinata"),
        ("Pak RT Gurnawan", "Gurnawan"),
        ("mbah Karsorejo", "Karsorejo"),
        ("anak saya Alvendra dirawat", "Alvendra"),
        ("suami saya namanya Gurnawan", "Gurnawan"),
        ("antrean A12 atas nama yustisia", "yustisia"),
        ("CS yang bernama Tyasmara baik", "Tyasmara"),
        ("terimakasih satpam Junaedi", "Junaedi"),
        ("security pak dul", "dul"),
        ("PAK GURNAWAN DAN BU YUSTISIA", "YUSTISIA"),
        ("pak gurnawan dan bu yustisia", "yustisia"),
        ("bapak/ibu Gurnawan", "Gurnawan"),
        ("bpk.gurnawan", "gurnawan"),
    ),
    "whoever writes next": (
        ("Pak Mulyasantika cepat tanggap", "Mulyasantika"),
        ("dilayani bu ferawatiningrum", "ferawatiningrum"),
        ("mb Cholifaturrosyidah ramah", "Cholifaturrosyidah"),
        ("matursuwun mas Gilangsaputro", "Gilangsaputro"),
        ("dokter hewan Brahmantara", "Brahmantara"),
        ("drg siskawulandari antri", "siskawulandari"),
        ("perawat Hendrikusno kasar", "Hendrikusno"),
        ("pak kades Sontokaryo", "Sontokaryo"),
        ("bu RT Jumarwati", "Jumarwati"),
        ("opung Marsaulina", "Marsaulina"),
        ("inang boru Tumiar", "Tumiar"),
        ("bapa Yohakimus", "Yohakimus"),
        ("Ustz. Nafilatun", "Nafilatun"),
        ("Gus Abidurrohman", "Abidurrohman"),
        ("cece Fenlyana", "Fenlyana"),
        ("bg Togarma", "Togarma"),
        ("nomorku 0838 1122 3344", "1122"),
        ("kontak 0838.1122.3344", "1122"),
        ("021-5551 234", "5551"),
        ("(+62)838-1122-3344", "1122"),
        ("wa 62838 1122 3344", "1122"),
        ("email saya gilang[dot]s[at]outlook[dot]com", "outlook"),
        ("twitter @gilangsp", "gilangsp"),
        ("https://wa.me/628381122", "628381122"),
        ("mobil R-1743-QF", "1743"),
        ("plat AB2231ZX", "2231"),
        ("alamat: Jl. Kolonel Sugiono 44A", "44A"),
        ("Perumahan Tirtasani Blok D/3", "Tirtasani"),
        ("RT02/RW05 Kel. Mojolangu", "02"),
        ("nik 33.7406.520590.0001", "520590"),
        ("NIP:197205131999032004", "1972"),
        ("TTL Blora, 3 Agustus 1975", "1975"),
        ("tanggal lahir 3/8/75", "3/8/75"),
        ("no. rm 12.34.56", "34"),
        ("istri saya Marwahita melahirkan di sini", "Marwahita"),
    ),
    "whoever thanks somebody": (
        ("dilayani oleh Sarkawi dengan baik", "Sarkawi"),
        ("terima kasih kepada Rahmadiansah", "Rahmadiansah"),
        ("dibantu Tyasmara cepat", "Tyasmara"),
        ("a/n sarkawi", "sarkawi"),
        ("sama Gurnawan suruh balik", "Gurnawan"),
        ("bareng Lintangsari", "Lintangsari"),
        ("berkas an. Gurnawan", "Gurnawan"),
        ("si Mondro marah", "Mondro"),
    ),
}

#: Suggestions without anybody in them, with much in them that looks like it.
HARMLESS = tuple(
    line.strip()
    for line in """
    Sesuai Permen PANRB 14/2017 semua layanan wajib disurvei
    Permenpan No. 14 Tahun 2017 belum diterapkan
    UU 25/2009 tentang pelayanan publik pasal 21
    Perda Nomor 7 Tahun 2023 menyebut gratis
    Nomor antrean A-045 dipanggil dua kali
    Antrean B12 dilewati
    Dapat nomor C 103 padahal datang awal
    Loket 4 tutup jam 11.30
    Buka jam 07.30 s/d 14.00 saja
    Senin-Kamis 08.00-15.00 tidak cukup
    Tanggal 17-08-2024 kok tetap buka
    dari 12 Mei sampai 3 Juni 2024 belum selesai
    Sejak 2019, 2020, 2021 sampai 2024 tidak ada perubahan
    Rp 1.500.000 untuk apa
    Biaya 75rb, kembalian tidak diberikan
    Bayar 2 x Rp25.000
    biaya admin 6.500 per transaksi
    Harga naik 10 % dibanding tahun lalu
    Gedung C lantai 3 sulit dicari
    Ruang B 204 panas
    Poli 2B antri sampai 60 orang
    Kursi hanya 12, pengunjung 80
    Saya datang 3x, 2x ditolak
    Formulir F-2.01 dan F-1.06 habis
    Blanko KTP-el kosong sejak Maret
    KK baru 5 hari, KTP 14 hari
    Akta lahir anak belum jadi
    Akta kelahiran lama sekali
    Tanggal lahir di KK salah ketik
    Kelahiran bayi tidak dicatat
    Alamat di KTP tidak sesuai
    Rekam medis sering hilang
    BPJS kelas 3 dibedakan
    BPJS PBI dipersulit
    SIM C 2 jam selesai, bagus
    Surat N1 N2 N4 di kelurahan
    Paspor lama sekali
    Layanan paspor cepat
    Jalan di depan kantor berlubang
    Jalan provinsi rusak 5 km
    Jl di depan kantor macet
    Gang di samping kantor dijadikan parkir
    Kampung kami jauh dari kantor
    Dusun kami belum ada jaringan
    Perumahan warga jauh dari layanan
    RT dan RW sebaiknya dilibatkan
    pak rt tolong diundang
    Pak RW sudah tua
    Blok parkir penuh
    No antrian tidak urut
    no comment
    Nilai 9 dari 10
    90 persen sudah bagus
    Sinyal 4G lemah
    Wifi 5 menit putus
    AC 2 PK kurang dingin
    Komputer cuma 2 unit
    Printer rusak terus
    Bu guru bilang harus legalisir dulu
    bu guru tidak di tempat
    Pak guru honorer kesulitan mengurus
    Bapak polisi tegas tapi sopan
    Ibu kantin mahal
    Mbak kasir jutek
    Mas fotokopi lama
    Mas parkir minta 5000
    Pak sekuriti galak
    Pak penjaga ramah
    bapak yang di depan sudah membantu sekali
    ibu di loket pengambilan tidak menjelaskan
    ibu saya lansia harus naik tangga
    bapak saya sakit tidak didahulukan
    adik saya disabilitas
    kakak saya juga mengeluh
    mbak mbak di depan ngobrol terus
    bu, kalau bisa sabtu buka
    pak, mohon maaf antriannya kacau
    kak, aplikasinya error
    Dr loket satu disuruh ke loket tiga
    dr pagi sampai siang belum dipanggil
    dr jam 8 nunggu
    dr dulu begini terus
    dr rumah ke sini 2 jam
    dr awal sampai akhir memuaskan
    dr segi fasilitas kurang
    dr petugas tidak ada senyum
    Dokter spesialis jarang ada
    dokter anak cuma hari selasa
    dokter gigi antri lama
    dokter jaga malam tidak ada
    dokter terlambat datang
    Dokternya baik dan sabar
    Bidan desa jarang datang
    Bidan dan perawat ramah
    Perawat IGD kurang senyum
    Perawat judes sekali
    Suster kurang sabar
    Satpam membantu lansia
    Petugas parkir liar
    Semoga pak wali memperhatikan
    Pak bupati tolong sidak
    Pak gubernur perlu tahu
    Bu kadis sebaiknya turun
    bu camat ramah
    Pak sekcam jarang di tempat
    Bu sekretaris cuti terus
    Pak kepala dinas mantap
    Pak kapolsek sigap
    Kasi pelayanan tidak di tempat
    Instagram resmi perlu diperbarui
    ig pemkot bagus
    WA admin slow respon
    WA tidak dibalas
    wa center mati
    Telepon tidak diangkat
    Email tidak pernah dijawab
    Website lambat
    Aplikasi Mobile JKN sering gangguan
    M-banking tidak bisa untuk bayar retribusi
    QRIS belum tersedia
    Transfer ke rekening pemda sulit
    Nomor rekening tidak ditempel
    Hubungi siapa kalau komplain
    Kotak saran kosong
    Tidak ada pulpen
    Toilet bau pesing
    Mushola sempit
    Taman bermain anak rusak
    Ruang menyusui dipakai gudang
    Kursi roda cuma 1
    Jalur difabel terhalang motor
    Panas, kipas angin mati
    Tempat duduk kurang nyaman
    Area merokok dekat ruang tunggu
    Kucing masuk ruang tunggu
    Airnya keruh
    Kantornya bersih dan wangi
    Pelayanan top
    jos gandos
    ok sip
    Terimakasih banyak
    terima kasih sudah melayani dengan sepenuh hati
    Semoga sukses selalu
    Semoga bapak ibu diberi kesehatan
    maju terus pantang mundur
    Tingkatkan disiplin
    Jangan pilih kasih
    Jangan ada orang dalam
    Hindari pungli
    Stop calo
    Utamakan ibu hamil dan balita
    Ibu-ibu senam parkir sembarangan
    Bapak-bapak merokok di dalam
    Mas-mas ojek mangkal di pintu
    Saudara saya dari luar kota bingung
    Saudara kandung tidak boleh mewakili
    Haji dan umroh perlu loket khusus
    H-1 lebaran kok tutup
    H+3 baru buka
    Hari H acara tidak ada petugas
    Tn dan Ny dipanggil keras-keras
    Nama saya salah dipanggil
    Nama di KTP salah cetak
    Nama pasien jangan dipanggil keras
    atas nama warga kami berterima kasih
    Mohon nama petugas dipasang di dada
    An anak harus ikut
    Ibu dan bapak petugas mohon lebih cekatan
    pak, kapan wifi diperbaiki
    bu, anak saya belum punya akta
    Bapak penjaga loket tolong senyum
    mas yang di depan ramah banget
    mbak resepsionis kurang informatif
    kak tolong dibalas chatnya
    Pak dokter datang siang terus
    Dokternya cuma satu padahal pasien ratusan
    dr sekian kali datang baru kali ini puas
    dr kemarin sistem offline
    dr sisi kebersihan oke
    Dokter muda dan perawat magang sopan sopan
    dokter penyakit dalam libur terus
    bidan jaga tidur
    perawat malam galak banget
    suster cantik baik
    bidan bilang harus rujukan
    guru piket tidak ada
    petugas lapangan sering bolos
    Petugas Pendaftaran Kurang Cekatan
    Petugas Bea Cukai lama
    Petugas keamanan merokok
    kasir lambat hitung uang
    sopir ambulans ngebut
    admin lama balas
    Antrian no 12 dilayani jam 10.15 padahal no 15 duluan
    Nomor antrian 0123 hilang
    Loket 1-5 hanya 2 yang buka
    UU No. 24/2013 pasal 79A gratis
    PP 96 Tahun 2012
    Perwal 12/2020 tentang retribusi
    Biaya Rp. 2.500.000,- tidak ada kuitansi
    Bayar 150.000 untuk 2 berkas
    Rp 12.345.678.900 anggaran untuk apa
    tanggal 1-2-2024 s/d 15-2-2024
    Tgl 12/03/2024 jam 09.00 s.d. 12.00
    2x24 jam belum selesai
    24 Februari 2024 datang, 2 Maret selesai
    Ruang 3A bau
    Gedung B lt 2 panas
    Parkir B2 gelap
    lampu jalan mati
    Jalan masuk terlalu sempit untuk mobil
    gang depan banjir
    Perumahan baru belum ada loket
    blok makam susah izin
    dusun terpencil susah sinyal
    Saya tinggal di kampung jadi jauh
    ig nya jarang update
    facebook tidak aktif
    telegram grup sepi
    wa 24 jam dong
    Call center 112 sibuk
    hubungi 119 lama diangkat
    lapor ke 1708 tidak ditanggapi
    KTP hilang lahir kembali antri
    anak lahir januari belum dapat akta
    kelahiran dilaporkan mudah
    nama sekolah tidak muncul di sistem
    nama bapak di KK salah
    atas nama kelurahan mohon dibuka loket
    an orang tua boleh diwakilkan
    Saudara kami dipersulit
    sdr petugas tolong sopan
    Kang parkir minta dobel
    Teh hangat disediakan, mantap
    teh dan kopi gratis
    Ci dan Ko di depan ribut
    tuan rumah kurang siap
    nona di front office ramah
    om parkir baik
    tante kantin galak
    mbah saya susah jalan
    kakek saya tidak kuat berdiri
    nenek antri 3 jam
    abah saya pakai kursi roda
    bunda paud antri lama
    ayah saya lansia
    gus dur pernah ke sini
    Hj dan H jangan disingkat di KTP
    H. jangan ditulis
    satu dua tiga loket kosong
    dari lima loket tiga kosong dua isi
    dua ratus ribu untuk SIM
    sembilan dari sepuluh puas
    nol koma lima persen
    Nilai A B C D
    SKCK, SIM, STNK satu tempat
    stnk 5 tahunan lama
    BPKB 3 bulan
    KIS tidak aktif
    JKN mandiri mahal
    BPJS 2 bulan nunggak
    rekam medis online bagus
    RM lama dicari
    SIM A dan C
    sim keliling jarang
    KK dan KTP 1 hari jadi
    NIK tidak online
    NIK ganda
    akta nikah
    petugas sudah profesional
    pak polisi cepat tanggap
    bu dokter baik hati
    dokter bedah tulang tidak ada
    bidan senior lebih sabar
    mas petugas jangan main game
    mbak front desk ramah
    bapak kepala sekolah tidak hadir
    ibu kepala puskesmas perlu cek toilet
    kakak pendamping membantu
    dr dulu antri panjang
    dr luar kota jauh
    dr semua layanan ini terbaik
    suster ruang bersalin galak
    anak saya demam dan menunggu lama
    istri saya melahirkan dilayani baik
    ibu saya kesulitan berjalan
    H-7 sebelum lebaran ramai
    Rp 350.000 untuk balik nama
    nomor urut 045 dilewati
    Perbup 31 Tahun 2021
    jam 13.00-15.00 kosong
    tanggal 4 Juli 2024 listrik padam
    SPBU dekat kantor penuh
    jalan ke kantor menanjak
    gang sempit susah parkir
    perumahan kami belum terlayani
    kampung sebelah sudah online
    blok A penuh
    rt kami belum ada posyandu
    instagram aktif bagus
    tiktok dinas lucu
    email konfirmasi tidak masuk
    akta lahir salah nama
    sim hilang prosesnya panjang
    paspor anak mahal
    kartu bpjs hilang
    npwp online lancar
    5 loket 3 petugas
    skor 85 dari 100
    sesuai dengan SOP
    sama Dukcapil dipingpong
    dengan Disdukcapil beda jawaban
    kepada Dinas Sosial mohon bantuan
    oleh Puskesmas Melati dirujuk
    dengan WhatsApp lebih mudah
    kerja sama BPJS dan RSUD
    dilayani Petugas loket 2
    dibantu Satpam
    dengan Aplikasi JKN
    dengan Bapak Camat langsung
    oleh Pemerintah Kota
    sama Tetangga barengan
    kepada Yth pimpinan
    Dengan adanya antrian online enak
    Oleh karena itu tambah loket
    Bersama Kita Bisa
    kepada Kepala Dinas
    dengan Google Form ribet
    sama dengan tahun lalu
    dengan Perwali nomor 4
    kepada Bapak/Ibu petugas
    dengan Inspektorat
    dibantu Mahasiswa magang
    oleh Kemenag diarahkan ke sini
    dengan Kementerian beda
    oleh Kecamatan Kota
    dengan Sekretariat
    oleh Bank Jateng
    kepada Allah kami berserah
    """.splitlines()
    if line.strip()
)
