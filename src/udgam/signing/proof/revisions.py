"""What do later revisions of a file do to an earlier one? Object by object, with a second reader (qpdf, by way of pikepdf).

Every object of the earlier revision must stand unchanged in the file, except for what sealing and archiving do: the seal's field gets
its value; the catalogue gets, and the document security store keeps, evidence; and time stamps over the whole file add fields of
their own, invisible and outside the page. New objects can only be reached through these: the reader leaves out references to objects
that are not held, so a later revision that supplies one changes the object that refers to it, and is refused (shadow attacks, NDSS 2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import pikepdf

from udgam.signing.proof import names
from udgam.signing.proof.file import written_out

_STORE = frozenset({"/Type", "/VRI", "/Certs", "/CRLs", "/OCSPs", names.LOG_PROOF})
_FIELD = frozenset({"/Type", "/Subtype", "/FT", "/T", "/TU", "/F", "/P", "/Rect", "/V"})
Id = tuple[int, int]


class RevisionChanged(Exception):
    """A later revision does more than sealing and archiving do; the sentence says where."""


def require_only_added(before: bytes, new: pikepdf.Pdf, written: Mapping[Id, bytes]) -> None:
    """Compare an earlier revision of a file with the whole of it, which was opened without recovery and is ``written`` out.

    Raises:
        RevisionChanged
    """
    try:
        with pikepdf.open(BytesIO(before), attempt_recovery=False) as old:
            if old.get_warnings() or new.get_warnings():
                raise RevisionChanged("the file is not as it should be written")
            _Comparison(old, new, written).run()
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError) as error:
        raise RevisionChanged(" ".join(str(error).split())[:160]) from error


class _Comparison:
    def __init__(self, old: pikepdf.Pdf, new: pikepdf.Pdf, written: Mapping[Id, bytes]) -> None:
        self.old, self.new, self.written = old, new, written
        self.known = written_out(old)
        self.root: Id = old.Root.objgen
        self.form: Id = old.Root.AcroForm.objgen
        self.fields = [one.objgen for one in old.Root.AcroForm.Fields]
        self.store: Id | None = old.Root.DSS.objgen if "/DSS" in old.Root else None
        self.page: Id = old.Root.AcroForm.Fields[0].P.objgen

    def run(self) -> None:
        self._trailers()
        for place, before in self.known.items():
            if self.written.get(place) != before:
                self._changed(place, self.old.get_object(place), self.new.get_object(place))
            elif before.startswith(b"stream ") and (
                self.new.get_object(place).read_raw_bytes() != self.old.get_object(place).read_raw_bytes()
            ):
                raise RevisionChanged("a stream was replaced")

    def _trailers(self) -> None:
        for name in ("/Root", "/Info"):
            if _id_of(self.old.trailer.get(name)) != _id_of(self.new.trailer.get(name)):
                raise RevisionChanged("the trailer names another catalogue")
        if "/Encrypt" in self.new.trailer:
            raise RevisionChanged("a later revision is encrypted")

    def _changed(self, place: Id, before: Any, now: Any) -> None:
        if place == self.root:
            self._only(before, now, {"/DSS"})
            self._must_be_new(now.DSS.objgen, or_was=self.store)
        elif place == self.store:
            if not set(now.keys()) <= _STORE:
                raise RevisionChanged("the store of evidence holds something else")
        elif place in self.fields:
            self._only(before, now, {"/V"})
            if "/V" in before or str(now.T) != names.SEAL_FIELD:
                raise RevisionChanged("a field other than the seal's was filled")
            self._must_be_new(now.V.objgen)
        elif place == self.form:
            self._only(before, now, {"/Fields"})
            self._time_stamps(before.Fields, now.Fields)
        elif place == self.page:
            self._only(before, now, {"/Annots"})
            self._time_stamps(before.Annots, now.Annots)
        elif self.store is not None and self._is_evidence_list(place):
            return
        else:
            raise RevisionChanged("an object was replaced")

    def _is_evidence_list(self, place: Id) -> bool:
        """Whether the object is a list inside the store of evidence of the earlier revision."""
        return any(
            one.is_indirect and one.objgen == place
            for name, one in self.old.Root.DSS.items()
            if name in {"/VRI", "/Certs", "/CRLs", "/OCSPs"}
        )

    def _only(self, before: Any, now: Any, names_allowed: set[str]) -> None:
        if not isinstance(now, pikepdf.Dictionary):
            raise RevisionChanged("an object became something else")
        for name in set(before.keys()) | set(now.keys()):
            if name in names_allowed:
                continue
            if name not in before or name not in now or _text(before[name]) != _text(now[name]):
                raise RevisionChanged(f"the entry {name} was changed")

    def _must_be_new(self, place: Id, *, or_was: Id | None = None) -> None:
        if place != or_was and (place in self.known or place == (0, 0)):
            raise RevisionChanged("an earlier object was given another part to play")

    def _time_stamps(self, before: Iterable[Any], now: Iterable[Any]) -> None:
        old, new = list(before), list(now)
        if [one.objgen for one in new[: len(old)]] != [one.objgen for one in old]:
            raise RevisionChanged("the list of fields was changed")
        outside = _text(self.old.Root.AcroForm.Fields[0].Rect)
        for one in new[len(old) :]:
            self._must_be_new(one.objgen)
            if not set(one.keys()) <= _FIELD or _text(one.Rect) != outside or one.FT != "/Sig":
                raise RevisionChanged("a field was added that is no invisible time stamp")
            if not str(one.T).startswith(names.ARCHIVE_FIELD) or one.V.get("/Type") != "/DocTimeStamp":
                raise RevisionChanged("a field was added that is no time stamp")


def _id_of(value: Any) -> Id | None:
    return None if value is None else value.objgen


def _text(value: Any) -> bytes:
    return value.unparse() if isinstance(value, pikepdf.Object) else repr(value).encode()
