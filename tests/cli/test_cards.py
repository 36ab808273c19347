"""`peiban knowledge cards`: what an office prints."""

from pathlib import Path

from tests.cli.conftest import Peiban


def test_a_course_is_written_in_both_languages_with_its_plan(bare: Peiban, tmp_path: Path) -> None:
    ran = bare("knowledge", "cards", "fever-at-midnight", "--out", tmp_path / "print", "--two-up")
    assert ran.code == 0, ran.err
    written = {str(path.relative_to(tmp_path / "print")) for path in (tmp_path / "print").rglob("*.pdf")}
    assert written == {
        "卡片/10 四问一走卡.pdf",
        "教案/10 教案 半夜发烧拉肚子，去不去医院的时候.pdf",
        "cards/10 Four questions.pdf",
        "plans/10 Class plan, Fever or runs at night hospital or not.pdf",
    }


def test_all_of_several_stand_in_one_file_as_well(bare: Peiban, tmp_path: Path) -> None:
    assert bare("knowledge", "cards", "first-bites", "fever-at-midnight", "--out", tmp_path).code == 0
    assert len(list((tmp_path / "卡片").iterdir())) == 3
    assert (tmp_path / "卡片" / "00 全部卡片.pdf").read_bytes().startswith(b"%PDF-")


def test_a_course_that_is_not_there_and_a_folder_that_is_a_file(bare: Peiban, tmp_path: Path) -> None:
    missing = bare("knowledge", "cards", "no-such-course", "--out", tmp_path / "print")
    assert missing.code == 2
    assert "没有找到：no-such-course" in missing.err
    assert not (tmp_path / "print").exists()
    (tmp_path / "taken").write_text("")
    taken = bare("knowledge", "cards", "--out", tmp_path / "taken")
    assert taken.code == 2
    assert "不是文件夹" in taken.err
