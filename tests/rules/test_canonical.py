"""RFC 8785: the one way to write JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udgam.rules.content import ContentRefused, canonical, canonical_json

LARGEST = 2**53 - 1


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, b"null"),
        (True, b"true"),
        (False, b"false"),
        (0, b"0"),
        (-1, b"-1"),
        (LARGEST, b"9007199254740991"),
        ("", b'""'),
        ([], b"[]"),
        ({}, b"{}"),
        ((1, 2), b"[1,2]"),
        ([[], {}, [1]], b"[[],{},[1]]"),
        ({"b": 1, "a": 2}, b'{"a":2,"b":1}'),
        ({"a": {"z": None, "y": [True, "x"]}}, b'{"a":{"y":[true,"x"],"z":null}}'),
        # The string of the example in section 3.2.2, with its escapes.
        ('€$\x0f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()),
        ("\b\t\n\f\r\x00\x1f", b'"\\b\\t\\n\\f\\r\\u0000\\u001f"'),
        ("\x7f\u2028\u00e9", b'"\x7f\xe2\x80\xa8\xc3\xa9"'),
        ("उद्गम", '"उद्गम"'.encode()),
        ("</script>", b'"</script>"'),
    ],
)
def test_values_have_one_form(value: Any, written: bytes) -> None:
    assert canonical_json(value) == written


def test_names_are_sorted_by_utf_16_code_units_as_in_the_rfcs_example() -> None:
    # Section 3.2.3. By code points the emoji would come after U+FB33; by UTF-16 code units it comes before.
    example = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical_json(example)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.5, "content.float"),
        ({"a": [1.0]}, "content.float"),
        (float("nan"), "content.float"),
        (LARGEST + 1, "content.integer_range"),
        (-LARGEST - 1, "content.integer_range"),
        ("\ud800", "content.text"),
        ({"\udc00": 1}, "content.text"),
        ({1: "a"}, "content.type"),
        (b"bytes", "content.type"),
        ({"a": {1, 2}}, "content.type"),
    ],
)
def test_what_has_no_exact_form_is_refused(value: Any, code: str) -> None:
    with pytest.raises(ContentRefused) as caught:
        canonical_json(value)
    assert caught.value.code == code


def test_the_place_of_a_fault_is_named() -> None:
    with pytest.raises(ContentRefused) as caught:
        canonical_json({"items": [{"fob": 1.5}]})
    assert caught.value.params == {"where": "$.items[0].fob"}


def test_deep_nesting_is_refused_and_not_followed() -> None:
    value: Any = 1
    for _ in range(500):
        value = [value]
    with pytest.raises(ContentRefused) as caught:
        canonical_json(value)
    assert caught.value.code == "content.depth"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_whatever_is_written_reads_back_equal_and_is_written_the_same_again(value: Any) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


@given(st.dictionaries(TEXT, st.integers(0, 9), max_size=8), st.randoms())
def test_the_order_of_insertion_does_not_matter(value: dict[str, int], random: Any) -> None:
    pairs = list(value.items())
    random.shuffle(pairs)
    assert canonical_json(dict(pairs)) == canonical_json(value)


_ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST - 1, LARGEST + 1)
    | st.floats()
    | st.text(st.characters(), max_size=8),
    lambda part: (
        st.lists(part, max_size=4) | st.lists(part, max_size=3).map(tuple) | st.dictionaries(st.text(max_size=4), part)
    ),
    max_leaves=12,
)


@given(_ANY)
def test_the_quick_way_writes_and_refuses_what_the_slow_one_does(value: Any) -> None:
    def slowly() -> bytes:
        parts: list[str] = []
        canonical._write(value, parts, "$", 0)
        return "".join(parts).encode("utf-8")

    def outcome(write: Callable[[], bytes]) -> object:
        try:
            return write()
        except ContentRefused as refusal:
            return refusal.code, refusal.params

    assert outcome(lambda: canonical_json(value)) == outcome(slowly)


@pytest.mark.parametrize("deep", [62, 63, 64, 65, 66])
@pytest.mark.parametrize("inmost", ["text", 1, {}, []])
def test_the_depth_at_which_it_is_refused_is_the_same_either_way(deep: int, inmost: Any) -> None:
    value = inmost
    for _ in range(deep):
        value = [value]
    if deep > 64:
        with pytest.raises(ContentRefused) as caught:
            canonical_json(value)
        assert caught.value.code == "content.depth"
    else:
        assert json.loads(canonical_json(value)) == value
