//! Full-text search that finds what is there, and shows only what the asker may see.
//!
//! A [`Record`] with its pages of text is put into an [`Index`] through a [`Writer`]; a [`Search`] is put
//! to it and answered with a [`SearchResult`]. Whoever asks is part of the question
//! ([`archive_core::access::Asker`]): records that only staff may see lie in another half of the index,
//! which a public search never opens.
//!
//! How it finds everything: `fold` takes away what two spellings don't have in common, `tokens` cuts
//! the rest into bigrams and edges without asking a dictionary, `compile` turns each piece of a query
//! into a phrase of them, and `near` forgives what recognition misread. `grammar` is the query language,
//! `number` knows document numbers by their parts, `own` lets a page be found by what stands on it only,
//! `opened` keeps an index open between searches, `snippet` shows where the words stand, `places` where on
//! the page's picture.

mod compile;
mod directory;
mod facets;
mod filter;
mod find;
mod fold;
mod gather;
mod grammar;
mod index;
mod near;
mod number;
mod opened;
mod own;
mod places;
mod record;
mod schema;
mod snippet;
mod steady;
mod suggest;
mod sums;
mod texts;
mod tokens;
mod writer;

pub use facets::Facet;
pub use filter::{Filter, FilterField};
pub use find::{Hit, Search, SearchResult, Sort};
pub use grammar::{QueryError, TextField};
pub use index::{Index, IndexError, Rebuilt};
pub use places::PlaceOnPage;
pub use record::{PageText, Record, Stamp};
pub use snippet::Snippet;
pub use suggest::{Suggested, Suggestion};
pub use sums::check;
pub use writer::{Put, Writer};
