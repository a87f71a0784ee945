"""Registration: from a token and an IEC to a firm that may file, and the firm's details afterwards."""
