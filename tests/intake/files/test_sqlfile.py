"""A dump of a database is read as tables, as data only: whatever else it says is passed over."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline import intake
from pipeline.intake.files.sqlfile import read_sql
from pipeline.intake.ground.problems import Refused
from tests.support.raw_surveys import LABELS, balance, cleaned

SCORES = [[1 + (2 * p + u + p * u) % 4 for u in range(9)] for p in range(8)]
UNITS = [[1, "Dinas A"], [2, "Dinas B"]]
PEOPLE = [
    [100 + p, ["L", "P"][p % 2], 20 + p, 1 + p % 2, f'Pak O\'{p}\n\\ "x"; -- /* saran */'] for p in range(8)
]
ANSWERS = [[1 + 9 * p + u, 100 + p, 1 + u, SCORES[p][u]] for p in range(8) for u in range(9)]
QUESTIONS = [[n, label] for n, label in enumerate(LABELS, 1)]
SECRET = [[1, "admin", "$2y$10$rahasia-sekali"]]
TABLES: dict[str, tuple[list[str], list[list[object]]]] = {
    "users": (["id", "username", "password"], SECRET),
    "instansi": (["id", "nama"], UNITS),
    "responden": (["id_bio", "jkel", "usia", "id_instansi", "saran"], PEOPLE),
    "pertanyaan": (["id_pertanyaan", "isi"], QUESTIONS),
    "jawaban": (["id_jawaban", "id_bio", "id_pertanyaan", "point_jawaban"], ANSWERS),
}  # fmt: skip
DEFINITION = """
files:
- {path: dump.sql, sheet: responden, role: respondents, columns: {respondent: id_bio, unit: id_instansi, sex: jkel}}
- path: dump.sql
  sheet: jawaban
  role: answers
  columns: {respondent: id_bio, item: id_pertanyaan, answer: point_jawaban}
lookups:
- {field: unit, path: dump.sql, sheet: instansi, key: id, text: nama}
- {field: item, path: dump.sql, sheet: pertanyaan, key: id_pertanyaan, text: isi}
"""


def mysql(value: object) -> str:
    if isinstance(value, str):
        return (
            "'"
            + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace('"', '\\"')
            + "'"
        )
    return "NULL" if value is None else str(value)


def standard(value: object) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else mysql(value)


def create(name: str, columns: Sequence[str], mark: str, kind: str = "varchar(255) DEFAULT NULL") -> str:
    a, b = mark[0], mark[-1]
    lines = [f"  {a}{c}{b} {kind}" for c in columns]
    lines += [f"  PRIMARY KEY ({a}{columns[0]}{b})", f"  KEY {a}k{b} ({a}{columns[-1]}{b})"]
    return f"CREATE TABLE {a}{name}{b} (\n" + ",\n".join(lines) + "\n)"


def phpmyadmin() -> str:
    out = '-- phpMyAdmin SQL Dump\n-- version 5.2.1\nSET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";\nSTART TRANSACTION;\n'
    out += "/*!40101 SET NAMES utf8mb4 */;\nDELIMITER $$\nCREATE PROCEDURE `x` ()  BEGIN\n"
    out += " INSERT INTO `jawaban` VALUES (9999, 100, 1, 1);\nEND$$\nDELIMITER ;\n"
    for name, (columns, rows) in TABLES.items():
        out += (
            f"\n--\n-- Table structure for table `{name}`\n--\n\n{create(name, columns, '`')} ENGINE=InnoDB"
        )
        out += " DEFAULT CHARSET=utf8mb4 COMMENT='it''s; a (table)';\n\n"
        values = ",\n".join(f"({', '.join(map(mysql, row))})" for row in rows)
        out += f"INSERT INTO `{name}` ({', '.join(f'`{c}`' for c in columns)}) VALUES\n{values};\n"
    return out + "ALTER TABLE `users`\n  ADD PRIMARY KEY (`id`);\nCOMMIT;\n"


def mysqldump() -> str:
    out = "-- MySQL dump 10.13  Distrib 8.0\n/*!40101 SET NAMES utf8 */;\n"
    for name, (columns, rows) in TABLES.items():
        out += f"DROP TABLE IF EXISTS `{name}`;\n/*!50503 SET x = 1 */;\n{create(name, columns, '`')} ENGINE=InnoDB;\n"
        out += f"LOCK TABLES `{name}` WRITE;\n/*!40000 ALTER TABLE `{name}` DISABLE KEYS */;\n"
        values = ",".join(f"({','.join(map(mysql, row))})" for row in rows)
        out += f"INSERT INTO `{name}` VALUES {values};\nUNLOCK TABLES;\n"
    trigger = (
        "/*!50003 CREATE TRIGGER t BEFORE INSERT ON jawaban FOR EACH ROW INSERT INTO users VALUES (1) */;;\n"
    )
    return out + f"DELIMITER ;;\n{trigger}DELIMITER ;\n-- Dump completed\n"


def sqlyog() -> str:
    out = "/*\nSQLyog Ultimate v12\nMySQL - 5.7 : Database - skm\n*/\n\nUSE `skm`;\n"
    for name, (columns, rows) in TABLES.items():
        values = ",".join(f"({','.join(map(mysql, row))})" for row in rows)
        out += f"/*Data for the table `{name}` */\n\n{create(name, columns, '`')} ENGINE=MyISAM;\n"
        out += f"insert  into `{name}`({','.join(f'`{c}`' for c in columns)}) values \n\n{values};\n"
    return out


def heidi() -> str:
    out = "-- Host: 127.0.0.1\n-- HeidiSQL Version: 12\n"
    for name, (columns, rows) in TABLES.items():
        out += f"-- Dumping structure for table skm.{name}\nCREATE TABLE IF NOT EXISTS `{name}` (`"
        out += "` int(11), `".join(columns) + "` text) ENGINE=InnoDB;\n"
        for start in range(0, len(rows), 5):
            values = ",\n".join(f"\t({', '.join(map(mysql, row))})" for row in rows[start : start + 5])
            out += f"REPLACE INTO `{name}` (`{'`, `'.join(columns)}`) VALUES\n{values};\n"
    return out


def adminer() -> str:
    out = "-- Adminer 4.8.1 MySQL 8.0 dump\n\nSET NAMES utf8;\n"
    for name, (columns, rows) in TABLES.items():
        out += f"DROP TABLE IF EXISTS `{name}`;\n{create(name, columns, '`')};\nTRUNCATE `{name}`;\n"
        values = ",\n".join("(" + ",\t".join(map(mysql, row)) + ")" for row in rows)
        out += f"INSERT INTO `{name}` (`{'`, `'.join(columns)}`) VALUES\n{values}\nON DUPLICATE KEY UPDATE `x` = 1;\n"
    return out.replace("TRUNCATE", "-- TRUNCATE")


def pg_copy() -> str:
    out = "--\n-- PostgreSQL database dump\n--\nSET standard_conforming_strings = on;\n"
    out += "CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
    out += "INSERT INTO public.jawaban VALUES (1,2,3,4);\nEND;\n$$;\n"
    for name, (columns, rows) in TABLES.items():
        out += (
            f"CREATE TABLE public.{name} (\n    "
            + " character varying(255),\n    ".join(columns)
            + " text\n);\n"
        )
        out += f"COPY public.{name} ({', '.join(columns)}) FROM stdin;\n"
        for row in rows:
            cells = [
                str(c).replace("\\", "\\\\").replace("\n", "\\n") if c is not None else "\\N" for c in row
            ]
            out += "\t".join(cells) + "\n"
        out += "\\.\n\n"
    return out


def pg_insert() -> str:
    out = "--\n-- PostgreSQL database dump\n--\nSET standard_conforming_strings = on;\n"
    for name, (columns, rows) in TABLES.items():
        out += (
            f"CREATE TABLE public.{name} (\n    "
            + " text,\n    ".join(columns)
            + " text,\n CONSTRAINT c CHECK ((1 > 0))\n);\n"
        )
        out += "".join(
            f"INSERT INTO public.{name} VALUES ({', '.join(map(standard, row))});\n" for row in rows
        )
    return out


def sqlite() -> str:
    out = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"
    for name, (columns, rows) in TABLES.items():
        out += (
            f'CREATE TABLE "{name}" ("{columns[0]}" INTEGER PRIMARY KEY, ' + ", ".join(columns[1:]) + ");\n"
        )
        out += "".join(f'INSERT INTO "{name}" VALUES({",".join(map(standard, row))});\n' for row in rows)
    out += "CREATE TRIGGER t AFTER INSERT ON jawaban BEGIN\nINSERT INTO jawaban VALUES(7,7,7,1);\n"
    return out + "INSERT INTO jawaban VALUES(8,100,7,1);\nEND;\nCOMMIT;\n"


def sql_server() -> str:
    out = "USE [skm]\nGO\n"
    for name, (columns, rows) in TABLES.items():
        out += (
            f"CREATE TABLE [dbo].[{name}](\n\t["
            + "] [nvarchar](255) NULL,\n\t[".join(columns)
            + "] [int]\n) ON [PRIMARY]\nGO\n"
        )
        out += f"SET IDENTITY_INSERT [dbo].[{name}] ON \n"
        for row in rows:
            cells = [f"N{standard(c)}" if isinstance(c, str) else f"CAST({c} AS Decimal(18, 0))" for c in row]
            out += f"INSERT [dbo].[{name}] ([{'], ['.join(columns)}]) VALUES ({', '.join(cells)})\n"
        out += "GO\n"
    return out


def reordered() -> str:
    """Statements without lists of columns after some with lists in another order."""
    out = "-- MariaDB dump\n"
    for name, (columns, rows) in TABLES.items():
        out += create(name, columns, "`") + ";\n"
        back = f"(`{'`,`'.join(reversed(columns))}`)"
        for number, row in enumerate(rows):
            odd = number % 2
            cells = ",".join(map(mysql, reversed(row) if odd else row))
            out += f"INSERT IGNORE INTO skm.`{name}` {back if odd else ''} VALUES ({cells}) ;\n"
    return out


DIALECTS: dict[str, Callable[[], str]] = {
    f.__name__: f
    for f in (
        phpmyadmin,
        mysqldump,
        sqlyog,
        heidi,
        adminer,
        pg_copy,
        pg_insert,
        sqlite,
        sql_server,
        reordered,
    )
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_dump_of_every_kind_gives_the_tables_as_they_were(tmp_path: Path, dialect: str):
    path = tmp_path / "dump.sql"
    text = DIALECTS[dialect]()
    path.write_text(text, encoding="utf-8")
    found = {table.sheet: table for table in read_sql(path, "dump.sql")}
    assert set(found) == set(TABLES)
    lines = text.split("\n")
    for name, (columns, rows) in TABLES.items():
        table = found[name]
        assert table.row(0) == columns
        assert [table.row(n) for n in range(1, table.height)] == [
            ["" if c is None else str(c) for c in r] for r in rows
        ]
        if name in ("jawaban", "instansi"):
            on_lines = all(str(row[0]) in lines[line - 1] for row, line in zip(rows, table.rows[1:]))
            assert on_lines or table.rows[1:].tolist() == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_survey_in_a_dump_is_read_right_and_what_is_not_used_stays_out(tmp_path: Path, dialect: str):
    made = cleaned(tmp_path, {"dump.sql": DIALECTS[dialect]()}, DEFINITION)
    assert not made.problems
    found = made.responses.sort_values("age")
    assert found[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist() == SCORES
    assert found["unit"].tolist() == ["a", "b"] * 4
    assert found["sex"].tolist() == ["male", "female"] * 4
    assert set(made.counts["source_file"]) == {
        f"dump.sql#{t}" for t in ("responden", "jawaban", "instansi", "pertanyaan")
    }
    intake.write(made, type("Kept", (), {"processed": tmp_path / "out"})())  # type: ignore[arg-type]
    assert not any(b"rahasia" in path.read_bytes() for path in (tmp_path / "out").iterdir())
    balance(made)


def test_without_a_chosen_table_those_that_fit_are_used_and_the_others_named(tmp_path: Path):
    wide = "CREATE TABLE `skm` (`id` int, `unit` text, `" + "` int, `".join(LABELS) + "` int);\n"
    wide += f"INSERT INTO `skm` VALUES (1,'a',{','.join('3' * 9)}),(2,'b',{','.join('4' * 9)});\n"
    made = cleaned(tmp_path, {"dump.sql": wide + mysqldump()})
    assert len(made.responses) == 2
    assert not made.problems
    unread = made.columns.loc[made.columns["how"] == "sheet-not-read", "source_file"]
    assert "dump.sql#users" in set(unread)


def test_text_that_looks_like_statements_stays_text(tmp_path: Path):
    trick = "'); INSERT INTO `jawaban` VALUES (1,100,1,1); -- "
    dump = phpmyadmin().replace(mysql(PEOPLE[0][4]), mysql(trick))
    made = cleaned(tmp_path, {"dump.sql": dump}, DEFINITION)
    assert int(made.counts.set_index("source_file").loc["dump.sql#jawaban", "read"]) == len(ANSWERS)


ODD = {
    "a text never closed": ("INSERT INTO `t` VALUES (1,'abc", "a text is never closed"),
    "a comment never closed": ("/* INSERT INTO `t` VALUES (1,'abc');", "a comment is never closed"),
    "a row that breaks off": ("INSERT INTO `t` VALUES (1,2),(3", "breaks off within a row"),
    "a row too short": (
        "CREATE TABLE `t` (`a` int, `b` int);\nINSERT INTO `t` VALUES (1,2),(3);", "1 values for 2 columns"),
    "an expression": ("INSERT INTO `t` VALUES (1, (SELECT password FROM users));", "is no value"),
    "a function": ("INSERT INTO `t` VALUES (1, LOAD_FILE('/etc/passwd'));", "is no value"),
    "no rows": ("CREATE TABLE `t` (`a` int);", "without rows"),
    "nothing": ("-- kosong\n", "without rows"),
    "a copy cut off": ("-- PostgreSQL database dump\nCOPY t (a) FROM stdin;\n1\n2\n", "breaks off within a row"),
    "a picture": ("INSERT INTO `t` VALUES (1,'" + "x" * 1_100_000 + "');", "longer than 1,000,000 letters"),
    "too many columns": ("INSERT INTO `t` VALUES (" + "1," * 20_000 + "1);", "too many cells"),
    "too many tables": ("".join(f"INSERT INTO `t{n}` VALUES (1);\n" for n in range(6000)), "more than 5,000 tables"),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
def test_an_odd_dump_ends_in_one_sentence(tmp_path: Path, case: str):
    text, said = ODD[case]
    path = tmp_path / "dump.sql"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read_sql(path, "dump.sql")
    assert said in caught.value.what
    assert caught.value.hint


HOSTILE = {
    "quotes": "INSERT INTO `t` VALUES (1,'" + "''" * 500_000 + "');",
    "backslashes": "INSERT INTO `t` VALUES (1,'" + "\\\\" * 400_000 + "');",
    "open texts": "SET @a = " + "'x" * 300_001,
    "brackets": "CREATE TABLE `t` (" + "(" * 300_000,
    "comments": "/* */" * 200_000 + "INSERT INTO `t` VALUES (1);",
    "dashes": "-- x\n" * 200_000 + "INSERT INTO `t` VALUES (1);",
    "names": "INSERT INTO " + "`a`." * 200_000,
    "create": "create " * 200_000,
    "begin": "CREATE TRIGGER x BEGIN " + "begin " * 200_000,
    "dollars": "-- PostgreSQL database dump\nSELECT " + "$a$" * 100_001,
    "delimiters": "DELIMITER $$\n" * 100_000,
    "unfinished": "INSERT INTO `t` VALUES " + "(1," * 200_000,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_dump_ends_soon(tmp_path: Path, case: str):
    path = tmp_path / "dump.sql"
    path.write_text(HOSTILE[case], encoding="utf-8")
    began = time.process_time()
    try:
        read_sql(path, "dump.sql")
    except Refused as refused:
        assert refused.what  # noqa: PT017
    assert time.process_time() - began < 5


def test_binary_values_bits_and_truths_are_told_and_not_copied(tmp_path: Path):
    path = tmp_path / "dump.sql"
    path.write_text(
        "-- MySQL dump\nINSERT INTO `t` (`a`,`b`,`c`,`d`,`e`,`f`,`g`) VALUES"
        " (0xFFD8FF, x'53656A', b'101', TRUE, NULL, _binary 'x', -1.50e3);\n", encoding="utf-8",
    )  # fmt: skip
    assert read_sql(path, "dump.sql")[0].row(1) == ["(binary)", "Sej", "5", "true", "", "x", "-1.50e3"]


def test_what_a_dump_would_change_is_said_and_not_done(tmp_path: Path):
    changed = phpmyadmin() + "UPDATE `jawaban` SET point_jawaban = 4;\nDELETE FROM `responden`;\n"
    made = cleaned(tmp_path, {"dump.sql": changed}, DEFINITION)
    assert "holds 2 statements that would change rows" in "\n".join(map(str, made.problems))
    twice = cleaned(tmp_path / "2", {"dump.sql": mysqldump() + mysqldump()}, DEFINITION)
    assert len(twice.responses) == 8
    assert "is created more than once" in "\n".join(map(str, twice.problems))
    balance(twice)


def test_a_dump_in_another_encoding_is_read(tmp_path: Path):
    dump = phpmyadmin().replace("Dinas A", "Dinas Café")
    for number, encoding in enumerate(("cp1252", "utf-16", "utf-8-sig")):
        made = cleaned(tmp_path / str(number), {"dump.sql": dump.encode(encoding)}, DEFINITION,
                       units="id,name\na,Dinas Café\nb,Dinas B\n")  # fmt: skip
        assert sorted(made.responses["unit"]) == ["a"] * 4 + ["b"] * 4
