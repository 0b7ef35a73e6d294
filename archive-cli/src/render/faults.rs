//! What reading files again found wrong, as people and scripts read it.

use archive_core::text;
use archive_core::text::Text;
use archive_store::{FixityFault, FixityFinding};
use serde::Serialize;

use crate::ui::Ui;

/// A fault in the JSON of `fixity`, `backup`, `restore`, `export` and `repair`.
#[derive(Debug, Serialize)]
pub(crate) struct Fault<'a> {
    path: &'a str,
    fault: FixityFault,
    message: &'a str,
}

/// Faults for JSON, in the reader's language.
pub(crate) fn told<'a>(ui: &Ui, faults: &'a [FixityFinding]) -> Vec<Fault<'a>> {
    faults
        .iter()
        .map(|fault| Fault { path: &fault.path, fault: fault.fault, message: ui.say(&fault.message) })
        .collect()
}

/// A line each.
pub(crate) fn print(ui: &Ui, faults: &[FixityFinding]) {
    for fault in faults {
        let (path, Text { zh, en }) = (&fault.path, &fault.message);
        ui.tell(&text!("{path}：{zh}", "{path}: {en}"));
    }
}
