"""Pictures that are alike have nearly the same bits, and are found by their bands."""

import random

import pytest
from PIL import Image

from services.likeness import SURELY_FOUND, bands, distance, likeness, neighbours, pixels
from services.photos import draw
from tests.services.evidence.pictures import photo, saved, scene


def bits_of(image: Image.Image) -> int:
    found = likeness(image)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(8))
def test_a_picture_stays_itself_when_it_is_shrunk_and_saved_again(seed: int) -> None:
    again = draw(saved(scene(seed, (320, 240)), quality=40)).upright
    assert distance(bits_of(scene(seed)), bits_of(again)) <= 3


def test_other_pictures_are_far_away() -> None:
    all_bits = [bits_of(scene(seed)) for seed in range(30)]
    assert min(distance(a, b) for n, a in enumerate(all_bits) for b in all_bits[:n]) > 10


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_of_nothing_is_like_no_other(level: int) -> None:
    assert likeness(Image.new("RGB", (64, 64), (level,) * 3)) is None


def test_every_picture_within_five_bits_shares_a_band() -> None:
    dice = random.Random(7)
    for _ in range(500):
        here = dice.getrandbits(64) - (1 << 63)
        there = here
        for bit in dice.sample(range(64), dice.randint(0, SURELY_FOUND)):
            there ^= 1 << bit
        there = there - (1 << 64) if there >= 1 << 63 else there + (1 << 64) if there < -(1 << 63) else there
        assert set(neighbours(here)) & set(bands(there))


def test_a_copy_without_the_cameras_notes_has_the_same_dots() -> None:
    with_notes, without = draw(photo(3, taken="2026:11:02 09:30:00")), draw(photo(3))
    assert pixels(with_notes.upright) == pixels(without.upright)
    assert pixels(with_notes.upright) != pixels(draw(photo(4)).upright)
