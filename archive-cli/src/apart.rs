//! The program as its own reader: files are read in a process of their own ([`archive_index::apart`]), which is this
//! program started once more.

use std::io;
use std::process::Command;

use archive_catalogue::list;
use archive_catalogue::register::RegisterError;
use archive_core::text::Text;
use archive_index::apart;

/// What the program is called with to be such a process; no person types it.
pub(crate) const CALL: &str = "__read-apart";

/// From now on files are read apart.
pub(crate) fn install() {
    apart::install(|| {
        let mut command = Command::new(std::env::current_exe().ok()?);
        command.arg(CALL);
        Some(command)
    });
}

/// All that such a process does.
pub(crate) fn serve() -> io::Result<()> {
    apart::serve(|bytes| {
        let _ = list::read(bytes);
    })
}

/// Whether a workbook's reader survives it: asked before a register, a plan or a list is read here.
pub(crate) fn survives(bytes: &[u8]) -> Result<(), RegisterError> {
    // Delimited text is read by ourselves.
    let workbook =
        [b"PK\x03\x04".as_slice(), b"\xd0\xcf\x11\xe0"].iter().any(|magic| bytes.starts_with(magic));
    if !workbook {
        return Ok(());
    }
    apart::survives(bytes).map_err(|why| {
        let Text { en, .. } = why.describe();
        RegisterError::Damaged { detail: en.into_owned() }
    })
}
