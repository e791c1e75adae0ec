"""The fictitious city: its service units, what they are called, and how many people they serve.

"Kota Contoh" (Example City) does not exist. Its kelurahan are named after things on a desk
and its puskesmas after flowers, so that nobody can take a demo report for a real one.
The catalogue states facts about units; the random part of the demo lives in ``model``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

CITY = "Kota Contoh"
#: The office that compiles the survey, by the one name it has wherever it is named.
OFFICE = f"Bagian Organisasi Sekretariat Daerah {CITY}"

#: Units with a role in the demo; tests and documentation refer to these names.
TOO_FEW = "kelurahan-sapu"  # fewer than five answers in the newest year: only the count is shown
SILENT = "kelurahan-topi"  # listed, without a single answer in the newest year
SILENT_BEFORE = "puskesmas-kamboja"  # listed, without a single answer in 2024
CENSUS = "kantor-kesatuan-bangsa-dan-politik"  # every one of its few users answered
NO_POPULATION = "dinas-perhubungan"  # nobody knows how many users it has
BULK_ENTRY = "dinas-lingkungan-hidup"  # paper keyed in on one day, by one person
STRAIGHT_LINES = "kelurahan-cermin"  # many rows of identical answers
MIDNIGHT = "puskesmas-seroja"  # time stamps at 00:00:00
NO_CHANNEL = ("kelurahan-payung", "kelurahan-atap")  # say themselves that there is no complaint channel
CONSTANT_FEE = ("dinas-sosial", "dinas-perpustakaan-dan-kearsipan")  # free by law: U4 never varies
CONSTANT = "kelurahan-sepatu"  # everybody gives the same answer to everything in 2025
#: From 2025 this agency weights time double, as the regulation allows when the weights sum to one.
WEIGHTED = "dinas-penanaman-modal-dan-pelayanan-terpadu-satu-pintu"
WEIGHTS = {f"U{i}": "2/10" if i == 3 else "1/10" for i in range(1, 10)}
NEW_UNIT = "dinas-komunikasi-dan-informatika"  # joined the survey in 2025


@dataclass(frozen=True)
class DemoUnit:
    """One service unit of the fictitious city.

    ``weight`` is the unit's usual sample relative to the city's mean; ``fixed`` gives exact
    sample sizes for single years; ``services`` maps a service to its share of the users.
    """

    id: str
    name: str
    type: str
    population: int
    weight: float
    services: Mapping[str, float]
    aliases: tuple[str, ...] = ()
    parent: str = ""
    free: bool = True
    sets: tuple[str, ...] = ()
    basic_service: str = ""
    weak: Mapping[str, float] = field(default_factory=dict)
    fixed: Mapping[int, int] = field(default_factory=dict)


def _agency(
    name: str, population: int, weight: float, services: str, aliases: str = "", **more: Any
) -> DemoUnit:
    # Services are listed as "name:share; name:share" to keep the catalogue readable.
    pairs = [part.rsplit(":", 1) for part in services.split(";")]
    shares = {key.strip(): float(value) for key, value in pairs}
    kind = str(more.pop("type", name.split()[0].lower()))
    unit = DemoUnit(
        id=slug(name),
        name=name,
        type=kind,
        population=population,
        weight=weight,
        services=shares,
        aliases=tuple(a.strip() for a in aliases.split("|") if a.strip()),
    )
    return replace(unit, **more)


def slug(name: str) -> str:
    """Id of a unit from its name: lower case, words joined by hyphens.

    Examples
    --------
    >>> slug("Dinas Koperasi, Usaha Mikro, dan Perdagangan")
    'dinas-koperasi-usaha-mikro-dan-perdagangan'
    """
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


_KESEHATAN = "dinas-kesehatan"
_AGENCIES = (
    _agency(
        "Dinas Kependudukan dan Pencatatan Sipil", 14200, 1.62,
        "KTP-el:0.42; Kartu Keluarga:0.24; Akta Kelahiran:0.16; Akta Kematian:0.08; Kartu Identitas Anak:0.10",
        "Disdukcapil|Dukcapil", sets=("uji-2025", "layanan-utama"), weak={"U3": -0.55}, basic_service="kependudukan",
    ),
    _agency(
        "Dinas Kesehatan", 1900, 0.78,
        "Izin Praktik Tenaga Kesehatan:0.5; Sertifikat Laik Higiene:0.3; Rekomendasi Izin Klinik:0.2",
        "Dinkes", free=False, basic_service="kesehatan",
    ),
    _agency(
        "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", 5200, 1.40,
        "Nomor Induk Berusaha:0.45; Persetujuan Bangunan Gedung:0.25; Izin Reklame:0.18; Konsultasi Perizinan:0.12",
        "DPMPTSP|DPM-PTSP", free=False, sets=("uji-2025", "layanan-utama"), weak={"U3": -0.35, "U1": -0.25},
    ),
    _agency(
        "Dinas Pendidikan", 3100, 1.05, "Legalisasi Ijazah:0.4; Mutasi Siswa:0.35; Izin Operasional Sekolah:0.25",
        "Disdik", basic_service="pendidikan",
    ),
    _agency(
        "Dinas Sosial", 2600, 0.95, "Rekomendasi Bantuan Sosial:0.6; Surat Keterangan Tidak Mampu:0.4",
        "Dinsos", basic_service="sosial",
    ),
    _agency(
        "Dinas Perhubungan", 6800, 1.15, "Uji Kir:0.7; Izin Trayek:0.2; Andalalin:0.1", "Dishub",
        free=False, weak={"U9": -0.5},
    ),
    _agency(
        "Dinas Tenaga Kerja", 4100, 1.10, "Kartu AK-1:0.65; Pelatihan Kerja:0.2; Mediasi Hubungan Industrial:0.15",
        "Disnaker",
    ),
    _agency(
        "Dinas Lingkungan Hidup", 1500, 0.90, "Rekomendasi UKL-UPL:0.4; Pengangkutan Sampah:0.6", "DLH", free=False,
    ),
    _agency(
        "Dinas Perpustakaan dan Kearsipan", 9000, 1.20, "Peminjaman Buku:0.75; Layanan Referensi:0.25",
        "Perpustakaan Daerah|Dispusip",
    ),
    _agency(
        "Dinas Koperasi, Usaha Mikro, dan Perdagangan", 1300, 0.80,
        "Pendampingan Usaha Mikro:0.55; Tera Ulang:0.45", "Diskopumdag", free=False,
    ),
    _agency(
        "Dinas Komunikasi dan Informatika", 700, 0.55, "Layanan Data:0.5; Pengaduan Layanan TIK:0.5", "Diskominfo",
    ),
    _agency(
        "Badan Pendapatan Daerah", 11000, 1.45, "PBB-P2:0.6; BPHTB:0.25; Pajak Restoran:0.15", "Bapenda",
        free=False, sets=("layanan-utama",),
    ),
    _agency(
        "Kantor Kesatuan Bangsa dan Politik", 26, 0.10, "Surat Keterangan Penelitian:1", "Kesbangpol",
        fixed={2023: 24, 2024: 25, 2025: 26},
    ),
    _agency(
        "RSUD Kota Contoh", 21000, 1.68, "Rawat Jalan:0.55; Rawat Inap:0.2; IGD:0.15; Laboratorium:0.1",
        "RSUD|Rumah Sakit Umum Daerah Kota Contoh", type="RSUD", free=False, parent=_KESEHATAN,
        sets=("uji-2025", "layanan-utama"), weak={"U3": -0.45, "U9": 0.2}, basic_service="kesehatan",
    ),
)  # fmt: skip

_FLOWERS = [
    "Mawar",
    "Melati",
    "Anggrek",
    "Kenanga",
    "Cempaka",
    "Dahlia",
    "Flamboyan",
    "Teratai",
    "Seroja",
    "Kamboja",
]
_PUSKESMAS = tuple(
    _agency(
        f"Puskesmas {flower}", 2400 + 700 * i, 1.02 + 0.05 * (i % 6),
        "Poli Umum:0.5; Poli Gigi:0.14; KIA dan KB:0.2; Farmasi:0.16",
        f"PKM {flower}|UPTD Puskesmas {flower}", parent=_KESEHATAN, basic_service="kesehatan",
        sets=("uji-2025",) if flower == "Mawar" else (),
        weak={"U3": -0.3} if i % 3 == 0 else {},
    )
    for i, flower in enumerate(_FLOWERS)
)  # fmt: skip

_SIDES = ("Utara", "Selatan", "Timur", "Barat")
_DISTRICTS = tuple(
    _agency(
        f"Kecamatan Contoh {side}", 1600 + 450 * i, 0.82 + 0.06 * i,
        "Legalisasi Surat:0.5; Dispensasi Nikah:0.15; Rekomendasi Izin Usaha:0.35", f"Kec. {side}",
    )
    for i, side in enumerate(_SIDES)
)  # fmt: skip

_DESK = [
    "Pena", "Kertas", "Buku", "Pensil", "Tinta", "Penggaris", "Papan", "Kapur", "Meja", "Kursi",
    "Lampu", "Jendela", "Pintu", "Atap", "Tangga", "Cermin", "Payung", "Sepatu", "Topi", "Sapu",
]  # fmt: skip
_KELURAHAN_N = {"sapu": (31, 19, 3), "topi": (46, 40, 0), "sepatu": (28, 33, 8), "payung": (41, 22, 17),
                "tangga": (60, 55, 24)}  # fmt: skip


def _kelurahan(index: int, name: str) -> DemoUnit:
    sizes = _KELURAHAN_N.get(name.lower())
    return _agency(
        f"Kelurahan {name}", 520 + 170 * (index % 13), 0.74 + 0.045 * (index % 11),
        "Surat Pengantar:0.5; Surat Keterangan Domisili:0.3; Surat Keterangan Usaha:0.2",
        f"Kel. {name}|Kantor Kelurahan {name}",
        parent=_DISTRICTS[index % len(_DISTRICTS)].id,
        weak={"U9": -0.6} if index % 4 == 1 else {},
        sets=("uji-2025",) if name == "Pena" else (),
        fixed=dict(zip((2023, 2024, 2025), sizes)) if sizes else {},
    )  # fmt: skip


_KELURAHAN = tuple(_kelurahan(i, name) for i, name in enumerate(_DESK))
CATALOGUE: tuple[DemoUnit, ...] = _AGENCIES + _PUSKESMAS + _DISTRICTS + _KELURAHAN

#: The order in which a smaller city is filled, so that every type and special unit comes early.
_FIRST = (
    "dinas-kesehatan", "kecamatan-contoh-utara", "kelurahan-pena", "puskesmas-mawar",
    "dinas-kependudukan-dan-pencatatan-sipil", "kecamatan-contoh-selatan", "kelurahan-kertas",
    "kecamatan-contoh-timur", "kecamatan-contoh-barat", "rsud-kota-contoh",
    SILENT, TOO_FEW, BULK_ENTRY, STRAIGHT_LINES, MIDNIGHT, "dinas-sosial", CENSUS, NO_POPULATION, SILENT_BEFORE,
)  # fmt: skip


def units(count: int = len(CATALOGUE)) -> tuple[DemoUnit, ...]:
    """Pick ``count`` units of the city, in catalogue order, parents always among them.

    Above the catalogue's 48 further kelurahan are numbered ("Kelurahan Pena 2").

    Examples
    --------
    >>> len(units()), len(units(5)), units(60)[-1].name
    (48, 5, 'Kelurahan Jendela 2')
    """
    if count < 1:
        raise ValueError("a city needs at least one unit")
    if count <= len(CATALOGUE):
        ranked = sorted(CATALOGUE, key=lambda u: _FIRST.index(u.id) if u.id in _FIRST else len(_FIRST))
        # A child without its parent would be a dangling reference, so the cut drops the reference.
        chosen = {u.id for u in ranked[:count]}
        return tuple(
            replace(u, parent=u.parent if u.parent in chosen else "") for u in CATALOGUE if u.id in chosen
        )
    extra = []
    for index in range(count - len(CATALOGUE)):
        number, place = divmod(index, len(_DESK))
        extra.append(_kelurahan(index, f"{_DESK[place]} {number + 2}"))
    return CATALOGUE + tuple(extra)
