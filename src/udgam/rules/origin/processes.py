"""The operations that rules of origin name, each with a code: what a case may state and a rule may ask for.

A rule that names an operation outside this list is kept as text and left to a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Operations that confer origin where a rule says so.
CONFERRING: Mapping[str, str] = MappingProxyType(
    {
        "chemical-reaction": "chemical reaction",
        "mixing-and-blending": "mixing and blending",
        "blending": "blending",
        "purification": "purification",
        "distillation": "distillation",
        "isomer-separation": "separation of isomers",
        "biotechnological-processing": "biotechnological processing",
        "change-in-particle-size": "deliberate change in particle size",
        "standard-materials": "production of standard materials",
        "melt-and-pour": "melting and pouring",
        "thermal-or-electrolytic-treatment": "thermal or electrolytic treatment",
        "spinning": "spinning",
        "weaving": "weaving",
        "knitting": "knitting",
        "printing-of-fabric": "printing of fabric with finishing",
        "cutting-and-sewing": "cutting and sewing",
        "manufacture": "manufacture",
    }
)

# Operations that texts list as insufficient, alone or together.
MINIMAL: Mapping[str, str] = MappingProxyType(
    {
        "preservation": "operations that keep goods in good condition for transport or storage",
        "assembly-of-packages": "breaking up or assembling of packages",
        "washing": "washing, cleaning, removal of dust, oil or paint",
        "ironing": "ironing or pressing of textiles",
        "painting": "simple painting and polishing",
        "husking": "husking, bleaching, polishing or glazing of cereals and rice",
        "sugar-colouring": "colouring of sugar or forming of sugar lumps",
        "peeling": "peeling, stoning or shelling of fruit, nuts and vegetables",
        "sharpening": "sharpening, simple grinding or simple cutting",
        "sifting": "sifting, screening, sorting, grading or matching",
        "packing": "simple placing in bottles, cans, boxes or other packing",
        "marking": "affixing of marks, labels or logos",
        "simple-mixing": "simple mixing of products",
        "simple-assembly": "simple assembly of parts or taking apart",
        "testing": "testing or calibrating",
        "dilution": "dilution with water",
        "slaughter": "slaughter of animals",
        "drying": "drying, salting, chilling or freezing",
    }
)

PROCESSES: Mapping[str, str] = MappingProxyType({**CONFERRING, **MINIMAL})
