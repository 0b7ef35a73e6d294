//! The reading room in a browser.
//!
//! Everything that can be asked for stands in one table, [`routes`]: its address, who may ask, and what answers. The
//! router is built from it, so nothing can be reached that isn't in it, and whoever isn't allowed is turned
//! away before anything of the answer is made.
//!
//! How an answer comes about: [`server`] takes the connection, `gate` makes a `Visit` of the request (who, in which
//! language, with what) and looks at the table; a page's own module asks the libraries and fills a
//! template or a JSON document with what came of it. What the public sees is read from `shelves` that hold
//! nothing else, and from the half of the index that holds nothing else.
//!
//! There are no rules here, no SQL and no formats. What the command does by calling several libraries (bringing the
//! index up to date, judging by all registers) is handed in by it as a [`Backroom`].
//!
//! Pages work without scripts. The two small scripts that make some of them handier are our own, so nothing is
//! loaded from elsewhere and nothing is copied from it; they are simple enough that a library would be longer.

mod accounts;
mod answer;
mod assets;
mod backroom;
mod failure;
mod frame;
mod gate;
mod kept;
mod limits;
mod pages;
mod pictures;
mod public;
pub mod routes;
pub mod server;
mod sessions;
mod shelves;
mod site;
mod staff;
mod stream;
mod tls;
mod undo;
mod version;
mod visit;
mod words;

pub use backroom::{Backroom, Download, FormName};
pub use server::{Listening, Protection, ServeError};
pub use site::{Settings, Site};
pub use tls::{Certificate, CertificateError};
