//! Printing the forms of registers: one document, in the formats asked for, into a folder.

use std::path::PathBuf;

use archive_catalogue::document::Document;
use archive_catalogue::fonts::Fonts;
use archive_catalogue::print::{Format, Printed, print_document};
use archive_core::finding::Finding;
use archive_core::text::Lang;
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::args::pick;
use crate::context::Context;
use crate::error::CommandError;
use crate::files;
use crate::render::findings::{self, Form as Shown};

/// `--out`, `--format`, `--font-dir`, `--own-font`.
pub(crate) fn options(lang: Lang) -> [Arg; 4] {
    let formats = Format::ALL.into_iter().filter(|format| *format != Format::Ead);
    let [font_dir, own_font] = font_options(lang);
    [out(lang).default_value("."), format(lang, formats), font_dir, own_font]
}

/// `--out`.
pub(crate) fn out(lang: Lang) -> Arg {
    Arg::new("out")
        .long("out")
        .value_name(pick(lang, "文件夹", "DIR"))
        .value_parser(value_parser!(PathBuf))
        .help(pick(lang, "写到哪个文件夹", "The folder they are written to"))
}

/// `--format`, any of these.
pub(crate) fn format(lang: Lang, formats: impl IntoIterator<Item = Format>) -> Arg {
    let words: Vec<&str> = formats.into_iter().map(Format::word).collect();
    let words = words.join(pick(lang, "、", ", "));
    Arg::new("format")
        .long("format")
        .value_name(pick(lang, "格式", "FORMATS"))
        .value_delimiter(',')
        .default_value("pdf,xlsx")
        .help(match lang {
            Lang::Zh => format!("格式，以逗号分隔：{words}"),
            Lang::En => format!("the formats, with commas between: {words}"),
        })
}

/// `--font-dir` and `--own-font`.
pub(crate) fn font_options(lang: Lang) -> [Arg; 2] {
    [
        Arg::new("font-dir")
            .long("font-dir")
            .action(ArgAction::Append)
            .value_name(pick(lang, "文件夹", "DIR"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(lang, "另有字体的文件夹", "A folder with more fonts")),
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
    let dirs: Vec<PathBuf> = matches.get_many::<PathBuf>("font-dir").into_iter().flatten().cloned().collect();
    // A folder that isn't there holds no fonts: said, before the wrong ones are printed with.
    for dir in &dirs {
        std::fs::read_dir(dir).map_err(|error| CommandError::io(dir, &error))?;
    }
    Ok(if matches.get_flag("own-font") { Fonts::shipped()? } else { Fonts::find(&dirs)? })
}

/// Prints documents: everything in memory first, then to disk, so that an error leaves no half of them.
pub(crate) fn print(
    context: &Context,
    matches: &ArgMatches,
    documents: &[Document],
) -> Result<Done, CommandError> {
    let (formats, fonts) = (formats(matches)?, fonts(matches)?);
    let out = matches.get_one::<PathBuf>("out").cloned().unwrap_or_else(|| PathBuf::from("."));
    let mut findings = Vec::new();
    let mut printed = Vec::new();
    for document in documents {
        let outcome = print_document(document, &formats, &fonts, context.today())?;
        findings.extend(outcome.findings);
        printed.extend(outcome.files.into_iter().map(|file| (out.join(&file.file_name), file)));
    }
    let files = write(&printed)?;
    for path in &files {
        context.ui.line(path.display().to_string());
    }
    // A character no font has is never printed as 〓 in silence, whatever form it stands on.
    if !findings.is_empty() {
        findings::print(&context.ui, &findings, Shown::Human);
    }
    Ok(Done { files, findings })
}

/// Writes what was printed, all or nothing, and says where.
pub(crate) fn write(printed: &[(PathBuf, Printed)]) -> Result<Vec<PathBuf>, CommandError> {
    files::write_all(printed.iter().map(|(path, file)| (path.as_path(), file.bytes.as_slice())))?;
    Ok(printed.iter().map(|(path, _)| path.clone()).collect())
}
