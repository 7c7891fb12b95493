"""Pictures that leave the portal."""

from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathFillImage


def qr_code(address: str) -> bytes:
    """Return the QR code of an address as SVG: black on white in any theme, with its quiet border."""
    code = qrcode.make(address, image_factory=SvgPathFillImage, box_size=20)
    drawn = BytesIO()
    code.save(drawn)
    return drawn.getvalue()
