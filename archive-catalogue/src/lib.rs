//! Registers in (xlsx, xls, ods, csv), catalogues and forms out (PDF, xlsx, csv, html, EAD).

pub mod register;
