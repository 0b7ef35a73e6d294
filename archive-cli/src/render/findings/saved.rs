//! A report that was saved as JSON, taken up again.
//!
//! Any document of ours that holds `findings` will do: of a check, an import, a verification. It is in the language it was
//! saved in.

use std::path::Path;

use archive_core::text;
use archive_core::text::Text;
use serde::Deserialize;

use super::Told;
use crate::error::{CommandError, Kind};

#[derive(Deserialize)]
struct Saved {
    schema_version: u32,
    findings: Vec<Told<'static>>,
}

/// The findings of a saved report.
pub(crate) fn read(path: &Path) -> Result<Vec<Told<'static>>, CommandError> {
    let bytes = std::fs::read(path).map_err(|error| CommandError::io(path, &error))?;
    let path = path.display();
    let help = Text::fixed(
        "请给出 archive check --json 存下的文件",
        "give a file that archive check --json has written",
    );
    let saved: Saved = serde_json::from_slice(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes))
        .map_err(|error| {
            let (line, column) = (error.line(), error.column());
            CommandError::new(
                Kind::Input,
                text!(
                    "{path}：第 {line} 行第 {column} 列起不是检查结果的 JSON",
                    "{path}: from line {line}, column {column} it is no JSON of findings"
                ),
                help.clone(),
            )
        })?;
    if saved.schema_version != 1 {
        let version = saved.schema_version;
        return Err(CommandError::new(
            Kind::Input,
            text!(
                "{path}：不认识第 {version} 版的检查结果",
                "{path}: findings of version {version} are unknown"
            ),
            help,
        ));
    }
    Ok(saved.findings)
}
