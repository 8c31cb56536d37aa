"""What libVLC, which plays evidence, makes of our files."""

import time

import pytest

vlc = pytest.importorskip("vlc")


@pytest.fixture
def player():
    try:
        instance = vlc.Instance("--vout=dummy", "--aout=dummy", "--quiet")
    except (OSError, NameError):
        instance = None
    if instance is None:
        pytest.skip("libVLC is not installed")
    player = instance.media_player_new()
    yield player
    player.stop()
    player.release()
    instance.release()


@pytest.mark.parametrize("codec", ["h264", "hevc", "mjpeg"])
@pytest.mark.parametrize("growing", [False, True])
def test_libvlc_plays_a_segment(room, pictures, as_units, player, eventually, codec, growing):
    ring = room()
    track = ring.writer.track(1, "sub", codec, (), 90_000)
    ring.send(track, as_units(pictures(codec)), time.time())
    eventually(lambda: ring.files() and ring.files()[0].stat().st_size > 5000)
    if not growing:
        ring.writer.close()
    (path,) = ring.files()
    media = player.get_instance().media_new_path(str(path))
    player.set_media(media)
    assert player.play() == 0
    stats = vlc.MediaStats()
    eventually(lambda: media.get_stats(stats) and stats.displayed_pictures >= 20)
    assert stats.decoded_video >= 20
    media.release()
