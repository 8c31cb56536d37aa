"""Which of a camera's streams serves whom."""

import pytest

from domain.camera import Camera, Profile, SiteKind
from domain.place import Place

MAIN, SUB = Profile.MAIN, Profile.SUB


def camera(main_url="", sub_url=""):
    place = Place(37.39, 126.95)
    return Camera(
        no=1, name="", site="", site_kind=SiteKind.ROAD, district="", place=place, main_url=main_url, sub_url=sub_url
    )


@pytest.mark.parametrize(
    ("main_url", "sub_url", "served"),
    [
        ("rtsp://a/1", "rtsp://a/2", {MAIN: (MAIN, "rtsp://a/1"), SUB: (SUB, "rtsp://a/2")}),
        ("rtsp://a/1", "", {MAIN: (MAIN, "rtsp://a/1"), SUB: (MAIN, "rtsp://a/1")}),
        ("", "rtsp://a/2", {MAIN: (SUB, "rtsp://a/2"), SUB: (SUB, "rtsp://a/2")}),
        ("rtsp://a/1", "rtsp://a/1", {MAIN: (MAIN, "rtsp://a/1"), SUB: (MAIN, "rtsp://a/1")}),
        ("", "", {MAIN: (MAIN, ""), SUB: (MAIN, "")}),
    ],
)
def test_a_camera_with_one_stream_has_it_under_one_name_whoever_asks(main_url, sub_url, served):
    found = camera(main_url, sub_url)
    assert {asked: (found.profile(asked), found.url(asked)) for asked in Profile} == served
