//! Printing the forms of registers: one document, in the formats asked for, into a folder.

use std::path::PathBuf;

use archive_catalogue::document::Document;
use archive_catalogue::fonts::Fonts;
use archive_catalogue::print::{Format, print_document};
use archive_core::finding::Finding;
use archive_core::text::Lang;
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::args::pick;
use crate::context::Context;
use crate::error::CommandError;
use crate::files;

/// `--out`, `--format`, `--own-font`.
pub(crate) fn options(lang: Lang) -> [Arg; 3] {
    let formats = [Format::Pdf, Format::Xlsx, Format::Csv, Format::CsvGb18030, Format::Html]
        .map(Format::word)
        .join(pick(lang, "、", ", "));
    [
        Arg::new("out")
            .long("out")
            .value_name(pick(lang, "文件夹", "DIR"))
            .value_parser(value_parser!(PathBuf))
            .default_value(".")
            .help(pick(lang, "写到哪个文件夹", "The folder they are written to")),
        Arg::new("format")
            .long("format")
            .value_name(pick(lang, "格式", "FORMATS"))
            .value_delimiter(',')
            .default_value("pdf,xlsx")
            .help(match lang {
                Lang::Zh => format!("格式，以逗号分隔：{formats}"),
                Lang::En => format!("the formats, with commas between: {formats}"),
            }),
        Arg::new("own-font").long("own-font").action(ArgAction::SetTrue).help(pick(
            lang,
            "只用自带的字体：在任何机器上结果都一样",
            "Use the shipped font only: the same result on every machine",
        )),
    ]
}

/// What was printed.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// The files.
    pub(crate) files: Vec<PathBuf>,
    /// Characters no font has.
    pub(crate) findings: Vec<Finding>,
}

/// The formats that were asked for.
pub(crate) fn formats(matches: &ArgMatches) -> Result<Vec<Format>, CommandError> {
    let words = matches.get_many::<String>("format").into_iter().flatten();
    Ok(words.flat_map(|word| word.split(',')).map(str::parse::<Format>).collect::<Result<Vec<_>, _>>()?)
}

/// The fonts that are used.
pub(crate) fn fonts(matches: &ArgMatches) -> Result<Fonts, CommandError> {
    Ok(if matches.get_flag("own-font") { Fonts::shipped()? } else { Fonts::find(&[])? })
}

/// Prints documents: everything in memory first, then to disk, so that an error leaves no half of them.
pub(crate) fn print(
    context: &Context,
    matches: &ArgMatches,
    documents: &[Document],
) -> Result<Done, CommandError> {
    let (formats, fonts) = (formats(matches)?, fonts(matches)?);
    let out = matches.get_one::<PathBuf>("out").cloned().unwrap_or_else(|| PathBuf::from("."));
    let mut done = Done::default();
    let mut printed = Vec::new();
    for document in documents {
        let outcome = print_document(document, &formats, &fonts, context.today())?;
        done.findings.extend(outcome.findings);
        printed.extend(outcome.files);
    }
    for file in printed {
        let path = out.join(&file.file_name);
        files::write(&path, &file.bytes)?;
        done.files.push(path);
    }
    for path in &done.files {
        context.ui.line(path.display().to_string());
    }
    Ok(done)
}
