from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.camera import Camera, RecordingPlan, SiteKind, Transport
from domain.camera_list import (
    COLUMNS,
    OPTIONAL_COLUMNS,
    CameraChange,
    CameraList,
    compare,
    read_camera_list,
    write_camera_list,
)
from domain.errors import Problem
from domain.place import Place

HEADING = ",".join(COLUMNS)
GOOD = {
    "no": "7",
    "name": "범계역 사거리",
    "site": "범계역",
    "site_kind": "intersection",
    "district": "동안구",
    "lat": "37.3898",
    "lon": "126.9508",
    "bearing_deg": "45",
    "main_url": "rtsp://10.0.0.7:554/main?profile=1",
    "sub_url": "rtsp://10.0.0.7/sub",
    "onvif_url": "https://10.0.0.7/onvif",
    "credentials": "anyang.dongan-1",
    "transport": "udp",
    "basic_allowed": "yes",
    "recording": "continuous",
    "head": "2",
    "height_m": "7.5",
}
CAMERA = Camera(
    no=7,
    name="범계역 사거리",
    site="범계역",
    site_kind=SiteKind.INTERSECTION,
    district="동안구",
    place=Place(37.3898, 126.9508),
    bearing_deg=45.0,
    main_url="rtsp://10.0.0.7:554/main?profile=1",
    sub_url="rtsp://10.0.0.7/sub",
    onvif_url="https://10.0.0.7/onvif",
    credentials="anyang.dongan-1",
    transport=Transport.UDP,
    basic_allowed=True,
    recording=RecordingPlan.CONTINUOUS,
    head=1,
    height_m=7.5,
)
MASKS = (((0.0, 0.0), (1.0, 0.0), (0.5, 0.25)),)
UNSAID: dict[str, Any] = {
    "transport": Transport.TCP,
    "basic_allowed": False,
    "recording": RecordingPlan.EVENTS,
    "head": 0,
    "height_m": None,
}
OLD_HEADING = ",".join(column for column in COLUMNS if column not in OPTIONAL_COLUMNS)


def row(**changes: str) -> str:
    return ",".join((GOOD | changes)[column] for column in COLUMNS)


def old_row(**changes: str) -> str:
    return ",".join((GOOD | changes)[column] for column in OLD_HEADING.split(","))


def read(*rows: str, heading: str = HEADING) -> CameraList:
    return read_camera_list("\r\n".join((heading, *rows)).encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_list_is_read_in_every_encoding_that_korean_spreadsheets_write(encoding: str) -> None:
    assert read_camera_list(f"{HEADING}\n{row()}\n".encode(encoding)) == CameraList((CAMERA,))


@pytest.mark.parametrize(
    "content", [f"{HEADING}\n{row()}".encode("utf-16"), b"\xff\xfe\xff", b"no\0name", b"\xef\xbb\xbf\xb0\xa1"]
)
def test_any_other_encoding_is_one_named_problem(content: bytes) -> None:
    found = read_camera_list(content)
    assert found.cameras == ()
    assert [str(problem) for problem in found.problems] == [
        "row 1, file: is neither UTF-8 nor CP949 text; save it as CSV UTF-8"
    ]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n \r\n"])
def test_an_empty_file_is_named(content: bytes) -> None:
    assert read_camera_list(content).problems == (Problem(1, "file", "is empty"),)


def test_a_heading_without_cameras_is_named() -> None:
    assert read().problems == (Problem(1, "file", "has a heading but no camera"),)


def test_columns_may_come_in_any_order_and_blank_rows_count_but_do_not_matter() -> None:
    names = list(reversed(COLUMNS))
    good = ",".join(GOOD[name] for name in names)
    found = read("", "," * (len(COLUMNS) - 1), good, row(), heading=",".join(names))
    assert found.cameras == (CAMERA,)
    assert {problem.row for problem in found.problems} == {5}


def test_missing_columns_are_each_named_and_no_row_is_guessed_at() -> None:
    found = read("7,x", heading="no,name")
    assert found.cameras == ()
    assert {problem.field for problem in found.problems} == set(COLUMNS) - OPTIONAL_COLUMNS - {"no", "name"}
    assert {problem.message for problem in found.problems} == {"column is missing"}


def test_unknown_nameless_and_repeated_columns_are_named_and_the_rows_still_read() -> None:
    found = read(row() + ",red,,45", heading=HEADING + ",colour,,bearing_deg")
    assert found.cameras == (CAMERA,)
    assert [(problem.row, problem.field) for problem in found.problems] == [
        (1, "colour"),
        (1, "column 19"),
        (1, "bearing_deg"),
    ]


def test_a_heading_that_is_no_csv_is_named() -> None:
    found = read(heading='no,"na"me')
    assert [(problem.row, problem.field) for problem in found.problems] == [(1, "row")]


def test_too_many_or_too_few_fields_are_named_with_their_row_and_the_other_rows_are_kept() -> None:
    found = read(row(no="1"), row(no="2") + ",extra", "3,x", row(no="4"))
    assert [camera.no for camera in found.cameras] == [1, 4]
    assert found.problems == (
        Problem(3, "row", "has 18 fields where the heading has 17"),
        Problem(4, "row", "has 2 fields where the heading has 17"),
    )


def test_a_row_with_broken_quoting_is_named_and_the_next_one_is_read() -> None:
    found = read(row(no="1"), row(no="2", name='"a"b'), row(no="3"))
    assert [camera.no for camera in found.cameras] == [1, 3]
    assert [(problem.row, problem.field) for problem in found.problems] == [(3, "row")]


def test_a_quote_that_never_ends_is_named() -> None:
    found = read(row(no="1"), row(no="2", name='"never'))
    assert [camera.no for camera in found.cameras] == [1]
    assert [problem.row for problem in found.problems] == [3]


def test_the_second_row_of_a_number_is_the_wrong_one_and_names_the_first() -> None:
    found = read(row(name="first"), row(name="second"))
    assert [camera.name for camera in found.cameras] == ["first"]
    assert found.problems == (Problem(3, "no", "number 7 is already used in row 2"),)


def test_a_bad_row_still_uses_its_number() -> None:
    found = read(row(name=""), row())
    assert found.cameras == ()
    assert [(problem.row, problem.field) for problem in found.problems] == [(2, "name"), (3, "no")]


@pytest.mark.parametrize("number", ["", "0", "-1", "1.5", "1e3", "x", "１２", "1_0", "1234567890"])
def test_a_bad_number_is_named(number: str) -> None:
    found = read(row(no=number))
    assert [(problem.row, problem.field) for problem in found.problems] == [(2, "no")]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("lat", "nan", "'nan' is not finite"),
        ("lon", "-Infinity", "'-Infinity' is not finite"),
        ("lat", "1e999", "'1e999' is not finite"),
        ("lat", "90.01", "'90.01' is outside -90..90"),
        ("lon", "-180.5", "'-180.5' is outside -180..180"),
        ("lat", "", "'' is not a number (digits with a point)"),
        ("lon", "1_2", "'1_2' is not a number (digits with a point)"),
        ("lat", "37°23'", '"37°23\'" is not a number (digits with a point)'),
        ("bearing_deg", "north", "'north' is not a number (digits with a point)"),
        ("bearing_deg", "361", "'361' is outside 0..360"),
        ("bearing_deg", "NaN", "'NaN' is not finite"),
        ("name", "", "is empty"),
        ("site", " ", "is empty"),
        ("name", "n" * 201, "is longer than 200 characters"),
        ("district", "a\tb", "holds control characters"),
        ("credentials", "admin:secret", "is not the name of a kept secret (letters, digits, '.', '_', '-')"),
        ("transport", "carrier pigeon", "'carrier pigeon' is unknown; known are tcp, udp"),
        ("head", "0", "'0' is not a whole number from 1 to 16"),
        ("head", "17", "'17' is not a whole number from 1 to 16"),
        ("head", "left", "'left' is not a whole number from 1 to 16"),
        ("height_m", "-1", "'-1' is outside 0..600"),
        ("recording", "always", "'always' is unknown; known are nothing, events, continuous"),
        ("basic_allowed", "1", "'1' is neither yes nor no"),
        ("main_url", "http://10.0.0.7/", "does not begin with rtsp://"),
        ("onvif_url", "rtsp://10.0.0.7/", "does not begin with http:// or https://"),
        ("sub_url", "10.0.0.7", "does not begin with rtsp://"),
        ("main_url", "rtsp:///main", "names no host or no port"),
        ("main_url", "rtsp://h:0/main", "names no host or no port"),
        ("main_url", "rtsp://h:99999/main", "is not an address"),
        ("main_url", "rtsp://[1::/main", "is not an address"),
        ("main_url", "rtsp://h/a b", "holds spaces or control characters"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_wrong(field: str, value: str, message: str) -> None:
    found = read(row(**{field: value}))
    assert found == CameraList((), (Problem(2, field, message),))


@pytest.mark.parametrize(
    "address",
    [
        "rtsp://admin:hunter2@10.0.0.7/main",
        "rtsp://hunter2@10.0.0.7/main",
        "rtsp://10.0.0.7/main?user=admin&password=hunter2",
        "rtsp://10.0.0.7/main?PWD=hunter2",
    ],
)
def test_credentials_in_an_address_are_refused_and_not_repeated(address: str) -> None:
    (problem,) = read(row(main_url=address)).problems
    assert (problem.row, problem.field) == (2, "main_url")
    assert "credentials" in problem.message
    assert "hunter2" not in problem.message


def test_the_place_of_an_unset_receiver_is_refused() -> None:
    (problem,) = read(row(lat="0", lon="0.0")).problems
    assert problem.field == "lat"


def test_an_unknown_kind_of_site_is_named_with_those_that_are_known() -> None:
    (problem,) = read(row(site_kind="c" * 50)).problems
    assert problem.field == "site_kind"
    assert problem.message == f"'{'c' * 39}…' is unknown; known are {', '.join(SiteKind)}"


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    bad = row(no="x", name="", site_kind="?", lat="91", lon="x", bearing_deg="-1", main_url="x", credentials="a b")
    fields = [problem.field for problem in read(bad).problems]
    assert fields == ["no", "site_kind", "lat", "lon", "name", "bearing_deg", "main_url", "credentials"]


def test_a_camera_may_have_no_bearing_no_addresses_and_no_district() -> None:
    bare = row(bearing_deg="", main_url="", sub_url="", onvif_url="", credentials="", district="")
    (camera,) = read(bare).cameras
    assert camera == replace(
        CAMERA, bearing_deg=None, main_url="", sub_url="", onvif_url="", credentials="", district=""
    )


def test_empty_fields_of_how_a_camera_is_joined_mean_what_is_safe() -> None:
    (camera,) = read(row(transport="", basic_allowed="", recording="", head="", height_m="")).cameras
    assert camera == replace(CAMERA, **UNSAID)


def test_fields_of_choice_may_be_written_large() -> None:
    assert read(row(transport="UDP", basic_allowed="Yes", recording="Continuous")).cameras == (CAMERA,)


def test_a_list_from_before_the_optional_columns_is_read_with_their_defaults() -> None:
    found = read(old_row(), heading=OLD_HEADING)
    assert found.problems == ()
    assert found.unsaid == {"transport", "basic_allowed", "recording", "head", "height_m"}
    (camera,) = found.cameras
    assert camera == replace(CAMERA, **UNSAID)


def test_what_a_list_does_not_say_stays_as_the_register_has_it() -> None:
    known = replace(CAMERA, name="before", masks=MASKS)
    found = read(old_row(), old_row(no="8"), heading=OLD_HEADING)
    assert found.onto([known]) == (replace(CAMERA, masks=MASKS), replace(CAMERA, no=8, **UNSAID))


def test_what_a_list_says_replaces_what_the_register_has_but_for_masks() -> None:
    known = replace(CAMERA, masks=MASKS)
    (camera,) = read(row(transport="tcp", basic_allowed="no", recording="nothing")).onto([known])
    assert camera == replace(known, transport=Transport.TCP, basic_allowed=False, recording=RecordingPlan.NOTHING)


def test_north_may_be_written_as_360_degrees() -> None:
    (camera,) = read(row(bearing_deg="360")).cameras
    assert camera.bearing_deg == 0.0


def test_what_is_written_reads_back_the_same() -> None:
    cameras = (
        CAMERA,
        replace(CAMERA, no=9, transport=Transport.TCP, basic_allowed=False, recording=RecordingPlan.NOTHING),
        replace(CAMERA, no=8, name='쉼표, "따옴표"', bearing_deg=None, place=Place(-0.1, 1e-7), main_url=""),
    )
    assert read_camera_list(write_camera_list(cameras).encode()) == CameraList(cameras)


def test_the_sample_shows_every_column_and_is_well() -> None:
    sample = Path(__file__).parents[2] / "docs" / "cameras.sample.csv"
    found = read_camera_list(sample.read_bytes())
    assert found.problems == ()
    assert {camera.site_kind for camera in found.cameras} == set(SiteKind)
    assert any(camera.ptz for camera in found.cameras)
    assert not all(camera.streams for camera in found.cameras)
    assert found.unsaid == set()
    assert {camera.transport for camera in found.cameras} == set(Transport)
    assert {camera.basic_allowed for camera in found.cameras} == {True, False}
    assert {camera.recording for camera in found.cameras} == set(RecordingPlan)


def test_a_comparison_tells_added_changed_removed_and_kept() -> None:
    same, gone, moved, new = (replace(CAMERA, no=number) for number in (1, 2, 3, 4))
    moved_now = replace(moved, name="new name", bearing_deg=None)
    changes = compare([same, gone, moved], [moved_now, new, same])
    assert changes.added == (new,)
    assert changes.changed == (CameraChange(moved, moved_now),)
    assert changes.changed[0].fields == ("name", "bearing_deg")
    assert changes.removed == (gone,)
    assert changes.kept == (same,)


def test_masks_are_no_change_since_no_list_holds_them() -> None:
    masked = replace(CAMERA, masks=MASKS)
    assert compare([masked], [CAMERA]).kept == (masked,)
    (change,) = compare([masked], [replace(CAMERA, name="new")]).changed
    assert change.after == replace(masked, name="new")
