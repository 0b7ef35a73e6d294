//! What a command is asked to work on: codes that were typed, or a list in a file (xlsx, csv).
//!
//! Everything is resolved before anything is done, and every code that can't be is named at once: a list of
//! two hundred volumes is mended in one go, not in twenty.

use std::fs;
use std::path::{Path, PathBuf};

use archive_catalogue::list::{self, List};
use archive_core::appraisal::Target;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::Repository;
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::apart;
use crate::args::pick;
use crate::error::{CommandError, Kind};

/// Names a column of codes goes by.
pub(crate) const CODE: &[&str] =
    &["档号", "案卷档号", "案卷号", "编号", "条码", "条形码", "code", "archival code", "volume", "barcode"];

/// `CODE…` and `--from FILE`.
pub(crate) fn codes(lang: Lang) -> [Arg; 3] {
    [
        Arg::new("codes")
            .action(ArgAction::Append)
            .num_args(0..)
            .value_name(pick(lang, "档号", "CODE"))
            .help(pick(
                lang,
                "案卷的档号，或文件的档号（档号-件号）；没有编号的写“序号12”",
                "Codes of volumes, or of items (volume's code-number); row12 for one without",
            )),
        from(lang),
        fonds(lang),
    ]
}

/// `--from FILE`.
pub(crate) fn from(lang: Lang) -> Arg {
    Arg::new("from")
        .long("from")
        .value_name(pick(lang, "清单", "LIST"))
        .value_parser(value_parser!(PathBuf))
        .help(pick(
            lang,
            "从清单读（xlsx、xls、ods、csv），须有“档号”列",
            "Read them from a list (xlsx, xls, ods, csv) with a column code",
        ))
}

/// `--fonds CODE`.
pub(crate) fn fonds(lang: Lang) -> Arg {
    Arg::new("fonds").long("fonds").value_name(pick(lang, "全宗号", "FONDS")).help(pick(
        lang,
        "全宗号（默认：本单位的全宗；几个全宗有同一档号时须指明）",
        "The fonds (default: the institution's own; needed where several give the same code)",
    ))
}

/// The list in a file: its first sheet that holds anything.
pub(crate) fn list(path: &Path) -> Result<List, CommandError> {
    let bytes = fs::read(path).map_err(|error| CommandError::io(path, &error))?;
    let mut lists = apart::survives(&bytes).and_then(|()| list::read(&bytes)).map_err(|error| {
        let CommandError { message: Text { zh, en }, help, .. } = error.into();
        let path = path.display();
        CommandError::new(Kind::Input, text!("{path}：{zh}", "{path}: {en}"), help)
    })?;
    Ok(lists.swap_remove(0))
}

/// A code that was asked for, with what its row in the list says beside it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The code as written.
    pub(crate) code: String,
    /// The other columns asked for, in their order; empty where the row or the file has none.
    pub(crate) beside: Vec<String>,
}

/// The codes typed and those in the list; `columns` are further columns of the list, by their names.
pub(crate) fn gather(matches: &ArgMatches, columns: &[&[&str]]) -> Result<Vec<Asked>, CommandError> {
    let mut asked: Vec<Asked> = matches
        .get_many::<String>("codes")
        .into_iter()
        .flatten()
        .map(|code| Asked { code: code.trim().to_owned(), beside: vec![String::new(); columns.len()] })
        .collect();
    if let Some(path) = matches.get_one::<PathBuf>("from") {
        let list = list(path)?;
        let names: Vec<&[&str]> = std::iter::once(CODE).chain(columns.iter().copied()).collect();
        let found = list.columns(&names);
        for (_, row) in found.rows {
            let code = found.cell(row, 0);
            if !code.is_empty() {
                let beside = (1..names.len()).map(|nth| found.cell(row, nth).to_owned()).collect();
                asked.push(Asked { code: code.to_owned(), beside });
            }
        }
    }
    if asked.is_empty() {
        return Err(CommandError::usage(
            Text::fixed("没有指明档号", "no code is given"),
            Text::fixed("写上档号，或用 --from 给出清单", "give codes, or a list with --from"),
        ));
    }
    Ok(asked)
}

/// What each code means; all that mean nothing are named at once.
pub(crate) fn resolve(
    repository: &Repository,
    fonds: Option<&str>,
    asked: &[Asked],
) -> Result<Vec<Target>, CommandError> {
    let mut targets = Vec::with_capacity(asked.len());
    let mut unknown = Vec::new();
    for one in asked {
        match repository.target_called(fonds, &one.code) {
            Ok(target) => targets.push(target),
            Err(error) if error.kind() == archive_store::ErrorKind::NotFound => {
                unknown.push(one.code.as_str());
            }
            Err(error) => return Err(error.into()),
        }
    }
    if unknown.is_empty() {
        return Ok(targets);
    }
    let (count, codes) = (unknown.len(), unknown.join("、"));
    Err(CommandError::usage(
        text!("有 {count} 个档号不存在：{codes}", "{count} codes aren't in the catalogue: {codes}"),
        Text::fixed(
            "核对档号：archive disposal due --all 列出全部案卷",
            "check them: archive disposal due --all lists every volume",
        ),
    ))
}
