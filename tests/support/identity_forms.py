"""Ways in which people write identity into a suggestion, by kind, and suggestions that hold none.

Nobody in here exists. Each form is a sentence and the part of it that must be gone.
"""

from __future__ import annotations

FORMS: dict[str, tuple[tuple[str, str], ...]] = {
    "number": (
        ("hub saya di 0812-3456-7890", "3456"), ("hub saya di 0812 3456 7890", "3456"),
        ("hub 0812.3456.7890 ya", "3456"), ("hub 0812/3456/7890 ya", "3456"), ("hub 0812_3456_7890", "3456"),
        ("hub (0812) 3456-7890", "3456"), ("wa +62 (812) 3456 7890", "3456"), ("wa 62-812-3456-7890", "3456"),
        ("wa ०812 ０８１２３４５６７８９０", "３４５６"), ("wa 0812\u200b3456\u200b7890", "3456"),
        ("wa 0812\u20113456\u20117890", "3456"), ("wa 0812\u00a03456\u00a07890", "3456"),
        ("wa O812 3456 789O", "3456"), ("wa 08l2-34O6-7890", "34O6"),
        ("wa o8l2 3456 7890", "3456"), ("wa 0 8 1 2 3 4 5 6 7 8 9 0", "4 5 6"),
        ("wa 0812*3456*7890", "3456"), ("wa 0812, 3456, 7890", "3456"), ("tlp 0291 591234 rumah", "591234"),
        ("nik 3374.0652.0590.0001 saya", "0590"), ("nik 33 74 06 52 05 90 00 01", "05 90"),
        ("nik 3374-0652-0590-0001", "0590"), ("nik 337406 520590 0001", "520590"),
        ("NIP. 19850412 201001 1 003", "201001"), ("rekening 1234-5678-901", "5678"),
        ("no bpjs 0001 2345 67890", "2345"), ("kk 3374/0612/3456/0001", "0612"),
    ),
    "mail": (
        ("surat ke budi.s@contoh.co.id", "budi.s"), ("surat ke budi @ gmail . com", "gmail"),
        ("surat ke budi(at)gmail(dot)com", "gmail"), ("surat ke budi [at] gmail [titik] com", "gmail"),
        ("surat ke budi at gmail dot com", "gmail"), ("surat ke budi et gmail titik com", "gmail"),
        ("surat ke budisan at yahoo co id", "yahoo"), ("surat ke budisan gmail.com", "budisan"),
        ("surat ke ｂｕｄｉ＠gmail.com", "gmail"), ("email budi_s at kantorku titik co titik id", "kantorku"),
        ("kontak @budi_santun saja", "budi_santun"), ("BUDI.S AT GMAIL.COM", "GMAIL"),
    ),
    "account": (
        ("hubungi wa.me/6281234567", "6281234567"), ("grup t.me/budisan", "budisan"),
        ("lihat instagram.com/budi.san", "budi.san"), ("ig: budi_santun", "budi_santun"),
        ("instagram saya budi_santun", "budi_santun"), ("fb saya rinajelita", "rinajelita"),
        ("telegram = rinajelita", "rinajelita"), ("facebook.com/rinajelita", "rinajelita"),
    ),
    "plate": (
        ("motor H 1234 XY parkir", "1234"), ("motor h 1234 xy parkir", "1234"), ("motor h1234xy parkir", "1234"),
        ("motor H.1234.XY parkir", "1234"), ("motor H-1234-XY parkir", "1234"), ("mobil B 6614 XQJ", "6614"),
        ("mobil ad 8391 xz", "8391"), ("mobil AD8391XZ", "8391"),
    ),
    "address": (
        ("rumah di Jl. Melati No. 5", "Melati"), ("rumah di jl melati no 5", "melati"),
        ("rumah jln. melati 12", "melati"), ("rumah jalan melati nomor 12", "melati"),
        ("rumah di Gg. Mawar No 3", "Mawar"), ("gang mawar no.3 rt 2", "mawar"),
        ("Perum Griya Asri Blok C5 No 12", "Asri"), ("perumahan Griya Asri", "Asri"), ("blok C5 no 12", "C5"),
        ("saya dari Dusun Krajan", "Krajan"), ("dusun Krajan RT 03/RW 02", "Krajan"), ("RT 03 RW 02", "03"),
        ("rt.3/rw.2 sini", "3/"), ("rt 5 sini", "rt 5"), ("kampung baru no 7 rt 1", "baru no"),
    ),
    "document": (
        ("paspor C1234567", "1234567"), ("paspor saya X 7654321", "7654321"), ("no rm 12-34-56", "34"),
        ("rekam medis 00.12.34.56", "12.34"), ("RM: 123456", "123456"), ("sim 1234-5678-9012", "5678"),
    ),
    "birth": (
        ("lahir 12-03-1985", "1985"), ("saya lahir tanggal 12 Maret 1985", "1985"), ("ttl Kudus, 12/03/1985", "1985"),
        ("tgl lahir 12 mar 85", "mar 85"),
        ("lahir dua belas maret seribu sembilan ratus delapan puluh lima", "sembilan"),
    ),
    "title": (
        ("Pak Sarkawi ramah", "Sarkawi"), ("pak sarkawi ramah", "sarkawi"), ("PAK SARKAWI RAMAH", "SARKAWI"),
        ("bu tejowati judes", "tejowati"), ("bpk. zainuri baik", "zainuri"), ("mbak qonita cepat", "qonita"),
        ("mas gofur di loket 3", "gofur"), ("dr. anthonius sabar", "anthonius"), ("drg yolanda lembut", "yolanda"),
        ("ibu lestariwangi menolong", "lestariwangi"), ("sdr. tumpak", "tumpak"), ("H. Mansyurdin", "Mansyurdin"),
        ("h. mansyurdin baik", "mansyurdin"), ("Hj. rokayyah", "rokayyah"), ("kak mitha sangat membantu", "mitha"),
        ("terima kasih Pak Sarkawi Kertapraja", "Kertapraja"), ("mbak\u00a0qonita", "qonita"),
        ("pak\u200b sarkawi", "sarkawi"), ("nama saya gofur", "gofur"),
    ),
}  # fmt: skip

#: Suggestions as offices get them, without anybody in them.
CLEAN = tuple(
    line.strip()
    for line in """
    Pelayanan sudah baik, mohon dipertahankan
    Antrian terlalu lama, tambah loket
    Tolong tambah kursi di ruang tunggu
    AC di ruang tunggu mati, panas sekali
    Petugas kurang ramah
    Petugas loket 3 sangat ramah dan cepat
    Mohon ada nomor antrian yang jelas
    Parkir sempit dan becek kalau hujan
    Toilet kotor, tolong dibersihkan
    Jam buka jangan molor, katanya 08.00 - 14.00 tapi baru buka 08.30
    Menunggu dari jam 7 sampai jam 11
    Saya menunggu 45 menit di loket 2
    Bapak ibu petugas sudah bekerja dengan baik
    Ibu petugas di depan sangat membantu
    Pak satpam ramah sekali
    Mbak di loket pendaftaran kurang senyum
    Mas yang jaga parkir tolong ditertibkan
    Pak camat perlu sering turun ke bawah
    Bu lurah baik sekali
    Bu bidan sabar menghadapi pasien
    Dokter datang terlambat
    dr umum cuma satu, tambah dokter
    Obat sering habis di apotek
    Ibu hamil sebaiknya didahulukan
    Ibu menyusui perlu ruang khusus
    Bapak sopir ambulans sigap
    Kak tolong informasinya diperjelas
    Pak tolong AC diperbaiki
    Bu tolong antriannya diatur
    Saudara petugas harus lebih sabar
    Terima kasih atas pelayanannya
    Terima kasih pak
    Terima kasih bu, semoga sehat selalu
    Biaya Rp 50.000 terlalu mahal
    Biayanya Rp1.250.000 tidak sesuai aturan
    Harusnya gratis tapi bayar 25 ribu
    Sesuai Perda No 3 Tahun 2024 pasal 12 ayat 1 gratis
    Website error terus dari tanggal 05-08-2024
    Daftar online tanggal 12/08/2024 belum ada kabar
    Syarat terlalu banyak fotokopi
    Fotokopi KTP dan KK diminta 3 kali
    KTP saya 2 minggu baru jadi
    Proses KTP 14 hari kerja, terlalu lama
    Buka layanan hari Sabtu
    Layanan hari Jumat tutup jam 11
    Tambah petugas jadi 4 orang
    Loket 1, 2, 3 dan 4 jangan istirahat bersamaan
    Jalan menuju puskesmas rusak
    jalan depan kantor gelap
    Gang masuk sempit
    Blok parkir motor diperluas
    Perum listrik dekat kantor sering padam
    Lampu di lantai 2 mati
    Lift rusak di lantai 3
    Ruang tunggu di lt 2 panas
    Kursi roda tidak ada
    Anak-anak perlu tempat bermain
    Lansia agar didahulukan
    Bagus
    Tidak ada
    -
    Cukup
    Sudah oke
    Pertahankan
    Mantap
    Sangat puas dengan pelayanan di sini
    Tingkatkan lagi pelayanannya
    Semoga lebih baik ke depannya
    Sistem antrean online sebaiknya dibuat lebih mudah
    Mohon disediakan air minum
    Mohon disediakan wifi
    Papan petunjuk kurang jelas
    Informasi biaya tidak dipasang
    Nomor pengaduan tidak pernah diangkat
    Nomor antrian 125 dipanggil jam 12
    Antri nomor 87 dari jam 8
    Petugas main HP saat melayani
    Petugas ngobrol sendiri
    Kasir cuma satu
    Teller ramah
    Mohon kasir ditambah
    Bapak kepala dinas agar meninjau langsung
    Pak kades tidak pernah di tempat
    Pak RT sudah membantu
    Ibu-ibu PKK membantu posyandu
    mas dan mbak petugas sopan
    Mbak dan mas di depan ramah
    Ibu yang di loket 5 jutek
    Bapak yang jaga pintu ramah
    Pak, tolong dibuatkan kanopi
    Bu, ruang laktasi mana?
    Pelayanan 5 bintang
    Nilai 10
    100 persen puas
    Skor 4 dari 4
    Sudah 3 kali ke sini belum selesai
    Bolak balik 4 kali karena berkas kurang
    Berkas hilang 2 kali
    Formulir F-1.01 sulit diisi
    Formulir A4 saja
    Surat N1 sampai N4 lama
    Izin usaha lewat OSS membingungkan
    Aplikasi e-KTP error
    Wifi tidak jalan
    Suara panggilan tidak terdengar
    Kamar mandi tidak ada airnya
    Musala kecil
    Kantin mahal
    Fasilitas difabel kurang
    Tidak ada jalur kursi roda
    Petugas sigap
    Dokter gigi ramah
    Perawat cekatan
    Bidan ramah
    Pendaftaran terlalu lama dibanding periksa
    Obatnya bagus
    Poli anak penuh
    Poli gigi antri panjang
    Laboratorium lama, hasil 3 hari
    Hasil lab keluar jam 13.30
    Ambil nomor jam 6 pagi
    Datang jam 07.15 dilayani jam 10.45
    Kuota 50 pasien sehari kurang
    Kuota ditambah jadi 100
    Bpjs dilayani sama dengan umum
    Pasien BPJS jangan dibedakan
    Tolong bapak/ibu pimpinan memperhatikan
    Kepada bapak walikota mohon perhatian
    Ibu guru sering datang terlambat
    Adik-adik magang ramah
    Mahasiswa magang membantu
    Di sini enak, dekat pasar
    Dekat alun-alun, mudah dicari
    Dari desa jauh, 25 km
    Ongkos ojek 20 rb
    Jarak 3 km ke kantor
    Hujan bocor di ruang tunggu
    Jangan ada calo
    Calo masih berkeliaran
    Pungli harus diberantas
    Petugas meminta uang rokok
    Bayar parkir 2000 tanpa karcis
    Karcis parkir harus ada
    Senyum, salam, sapa ditingkatkan
    Seragam petugas rapi
    Kebersihan dijaga
    Tempat sampah ditambah
    Tanaman di halaman bagus
    Ruangan sejuk
    Pelayanan lewat WA bagus
    Nomor WA pelayanan lambat dibalas
    Instagram dinas jarang diperbarui
    ig dinas aktif
    Website 404
    Email dinas tidak dibalas
    Mohon balas email saya
    Jangan tutup sebelum jam 15.00
    Istirahat jam 12.00-13.00 bergantian
    Buka 24 jam
    Layanan 24 jam tidak benar
    Tahun 2023 lebih lama daripada 2024
    Sejak 2022 sudah membaik
    Kapan loket 6 dibuka
    Mohon kepastian waktu
    Waktu 5 hari kerja tidak ditepati
    SOP 15 menit, kenyataan 2 jam
    """.splitlines()
    if line.strip()
)
