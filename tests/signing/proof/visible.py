"""An archived file whose time stamp's field is drawn over the page, made with a genuine time stamp."""

from __future__ import annotations

from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp

from tests.signing.proof.made import Made
from udgam.signing.sealing.revision import OpenRevision, fill, open_writer


def with_visible_stamp(made: Made) -> bytes:
    """The sealed file with a document time stamp whose field has a place on the page and an appearance."""
    writer = open_writer(made.pdf)
    append_signature_field(writer, SigFieldSpec("Archive1", box=(10, 10, 500, 800)))
    field = writer.root["/AcroForm"]["/Fields"][-1]
    appearance = generic.StreamObject(stream_data=b"0 0 490 790 re f")
    appearance["/Type"], appearance["/Subtype"] = generic.NameObject("/XObject"), generic.NameObject("/Form")
    appearance["/BBox"] = generic.ArrayObject([generic.NumberObject(one) for one in (0, 0, 490, 790)])
    field["/AP"] = generic.DictionaryObject({generic.NameObject("/N"): writer.add_object(appearance)})
    writer.update_container(field)
    steps = PdfCMSEmbedder().write_cms("Archive1", writer, existing_fields_only=True)
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=DocumentTimestamp(bytes_reserved=2 * 12 * 1024)))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    revision = OpenRevision(
        output.getvalue(), prepared.document_digest, prepared.reserved_region_start, prepared.reserved_region_end
    )
    return fill(revision, made.office.time_stamper.stamp(revision.digest))
