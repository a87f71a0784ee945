"""Where keys live: PKCS#11 tokens, and for the sandbox PKCS#12 files. One thread owns them all."""
