//! Keeps a repository safe on disk: the SQLite catalogue, the OCFL objects, the audit chain.
