"""Prove that nothing in the record was changed, removed or put in between."""

from __future__ import annotations

from dataclasses import dataclass

from udgam.ground.audit import hashing, signing_key
from udgam.ground.audit.models import Act, Link, LinkedHead


class ChainBroken(Exception):
    """A chain does not hold; says where and how."""

    def __init__(self, chain: str, number: int, reason: str) -> None:
        self.chain, self.number, self.reason = chain, number, reason
        super().__init__(f"{chain} breaks at {number}: {reason}")


@dataclass(frozen=True)
class ChainReport:
    """A chain that holds: its subject, how many acts it has, the hash of the last (None when it is empty)."""

    subject: str
    acts: int
    head: str | None


@dataclass(frozen=True)
class LinksReport:
    """A chain of links that holds: how many, the hash of the last, and how many are signed by keys not known here."""

    links: int
    head: str | None
    unknown_keys: int


def verify_chain(subject: str) -> ChainReport:
    """Compute every hash of a subject again and compare the heads that links recorded. Raises ``ChainBroken``."""
    previous, expected = hashing.GENESIS, 1
    seen: dict[int, str] = {}
    for act in Act.objects.filter(subject=subject).order_by("number").iterator():
        if act.number != expected:
            raise ChainBroken(subject, expected, "an act is missing")
        if act.previous != previous:
            raise ChainBroken(subject, act.number, "it does not follow from the act before it")
        if _hash_of(act) != act.hash:
            raise ChainBroken(subject, act.number, "its content is not what was recorded")
        seen[act.number], previous, expected = act.hash, act.hash, expected + 1
    # Cutting off the end of a chain leaves a chain that holds; only the links remember how long it was.
    for number, digest in LinkedHead.objects.filter(subject=subject).values_list("number", "hash"):
        if seen.get(number) != digest:
            raise ChainBroken(subject, number, "a link recorded another act here")
    return ChainReport(subject, expected - 1, previous if seen else None)


def verify_links() -> LinksReport:
    """Compute every link again, with its heads and its signature. Raises ``ChainBroken``."""
    previous, expected, unknown = hashing.GENESIS, 1, 0
    for link in Link.objects.order_by("number").iterator():
        if link.number != expected:
            raise ChainBroken("links", expected, "a link is missing")
        heads = list(LinkedHead.objects.filter(link=link).values_list("subject", "number", "hash"))
        if hashing.heads_hash(heads) != link.heads_hash:
            raise ChainBroken("links", link.number, "its heads are not what was recorded")
        digest = hashing.link_hash(number=link.number, at=link.at, heads=link.heads_hash, previous=link.previous)
        if link.previous != previous or digest != link.hash:
            raise ChainBroken("links", link.number, "it does not follow from the link before it")
        signed = signing_key.is_signed(link.hash, link.signature, link.key_id)
        if signed is False:
            raise ChainBroken("links", link.number, "its signature does not hold")
        unknown += signed is None
        previous, expected = link.hash, expected + 1
    return LinksReport(expected - 1, previous if expected > 1 else None, unknown)


def subjects() -> list[str]:
    """Every subject that the record or a link knows; a link's memory finds a subject whose acts are all gone."""
    recorded = Act.objects.values_list("subject", flat=True).distinct()
    linked = LinkedHead.objects.values_list("subject", flat=True).distinct()
    return sorted({*recorded, *linked})


def _hash_of(act: Act) -> str:
    return hashing.act_hash(
        subject=act.subject,
        number=act.number,
        act=act.act,
        at=act.at,
        actor_kind=act.actor_kind,
        actor_id=act.actor_id,
        actor_role=act.actor_role,
        actor_office=act.actor_office,
        details=act.details,
        previous=act.previous,
    )
