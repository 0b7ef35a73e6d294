//! The reading room (阅览室): who may use what, shown which papers (U4 to U6, U10, S3).
//!
//! What the source documents say in prose is a table here, and data: [`ReadingRoom`] is a part of the profile, each line
//! with the clause it rests on. A person can read it whole (`archive use table`), a test walks through every cell of
//! it, and [`ReadingRoom::decide`] does nothing but look a case up and say which line spoke.
//!
//! ```text
//! kind of reader × state of the record × what they want  ──►  sets of papers, one of which must be shown
//! ```

mod slip;
mod table;
mod words;

pub use slip::{Fee, Price, Slip, Stamp, count_pages};
pub use table::{Answer, Asked, Line, ReadingRoom, Spoke, TableFault};
pub use words::{Action, NoSuchWord, Paper, ReaderKind, RecordState};
