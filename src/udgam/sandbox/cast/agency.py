"""The fictional issuing agency and its offices."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Office:
    """An office that issues certificates; `seal` names its sealing key in the authority's `seals` folder."""

    code: str
    name: str
    name_hi: str
    line1: str
    line2: str
    city: str
    state: str
    pin: str
    email: str

    @property
    def seal(self) -> str:
        """File stem of the office's sealing key."""
        return f"{AGENCY.code}-{self.code}"


@dataclass(frozen=True)
class Agency:
    """An issuing agency. `registered_name` is what the organisation field of its officers' tokens must say."""

    code: str
    name: str
    name_hi: str
    registered_name: str
    state_code: str
    gstin: str
    offices: tuple[Office, ...]


AGENCY = Agency(
    code="SEC",
    name="Sahyadri Export Council",
    name_hi="सह्याद्रि निर्यात परिषद",
    registered_name="Sahyadri Export Council",
    state_code="27",
    gstin="27ZZZAS0201C1ZK",
    offices=(
        Office(
            code="MUM",
            name="Mumbai Regional Office",
            name_hi="मुंबई क्षेत्रीय कार्यालय",
            line1="4th Floor, Sahyadri House",
            line2="18 Ballard Lane",
            city="Mumbai",
            state="Maharashtra",
            pin="400001",
            email="mumbai@sahyadri.example",
        ),
        Office(
            code="PUN",
            name="Pune Local Office",
            name_hi="पुणे स्थानीय कार्यालय",
            line1="2nd Floor, Export Bhavan",
            line2="7 Mula Road",
            city="Pune",
            state="Maharashtra",
            pin="411003",
            email="pune@sahyadri.example",
        ),
    ),
)
