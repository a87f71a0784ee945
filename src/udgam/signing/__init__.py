"""From decided content to a document and its proof. No framework, no database, no network."""
