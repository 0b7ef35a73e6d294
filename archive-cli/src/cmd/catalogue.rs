//! `archive catalogue`: prints the forms: covers, lists of contents, notes, catalogues.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use archive_catalogue::book::Book;
use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::Form;
use archive_catalogue::forms::handover::HandOver;
use archive_catalogue::print::{Format, Options, Printed, print};
use archive_core::arrange::by_year;
use archive_core::finding::{self, Finding};
use archive_core::model::{Arrangement, Volume};
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use crate::args::{base, pick, year};
use crate::cmd::transfer::papers;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::judged::Judged;
use crate::office::Office;
use crate::printing;
use crate::render::findings::{self, Form as Shown, Told};

/// What is printed unless something else is asked for.
const USUAL: [Form; 5] = [Form::Cover, Form::Contents, Form::Note, Form::Volumes, Form::Full];

pub(crate) fn command(lang: Lang) -> Command {
    let comma = pick(lang, "、", ", ");
    let forms = Form::ALL.map(Form::word).join(comma);
    base(
        "catalogue",
        lang,
        &Text::fixed(
            "打印案卷封面、卷内目录、备考表、案卷目录、全引目录和检索工具",
            "Print covers, lists of contents, notes, catalogues and finding aids",
        ),
    )
    .arg(year(lang))
    .arg(Arg::new("fonds").long("fonds").value_name(pick(lang, "全宗号", "CODE")).help(pick(
        lang,
        "哪个全宗（默认：本单位的）",
        "The fonds (default: the institution's own)",
    )))
    .arg(
        Arg::new("years")
            .long("years")
            .conflicts_with("year")
            .value_name(pick(lang, "起-止", "FROM-TO"))
            .value_parser(years)
            .help(pick(
                lang,
                "几个年度合成一本，如 2003-2005（各册目录按几年合编）",
                "Several years in one book, such as 2003-2005",
            )),
    )
    .arg(printing::out(lang).required(true))
    .arg(Arg::new("what").long("what").value_name(pick(lang, "表", "FORMS")).value_delimiter(',').help(
        match lang {
            Lang::Zh => format!("要打印的表，以逗号分隔：{forms}"),
            Lang::En => format!("the forms, with commas between: {forms}"),
        },
    ))
    .arg(printing::format(lang, Format::ALL))
    .args(printing::font_options(lang))
    .arg(Arg::new("per-volume").long("per-volume").action(ArgAction::SetTrue).help(pick(
        lang,
        "封面、卷内目录、备考表一卷一个文件",
        "One file a volume for covers, lists and notes",
    )))
}

/// Reads `2003-2005`.
fn years(written: &str) -> Result<RangeInclusive<i32>, String> {
    let year = |word: &str| word.trim().parse::<i32>().ok().filter(|year| (1000..=9999).contains(year));
    written
        .split_once(['-', '—', '－'])
        .and_then(|(from, to)| Some(year(from)?..=year(to)?))
        .filter(|range| !range.is_empty())
        .ok_or_else(|| "写作 2003-2005 / write it as 2003-2005".to_owned())
}

/// What is printed, and how.
pub(crate) struct Order<'a> {
    /// The year, or all.
    pub(crate) year: Option<i32>,
    /// Years that make one book, rather than one each.
    pub(crate) together: Option<RangeInclusive<i32>>,
    /// The folder.
    pub(crate) out: &'a Path,
    /// The forms.
    pub(crate) what: Vec<Form>,
    /// The formats.
    pub(crate) formats: Vec<Format>,
    /// The fonts.
    pub(crate) fonts: Fonts,
    /// One file a volume.
    pub(crate) per_volume: bool,
}

/// What came of it.
pub(crate) struct Catalogued {
    /// The files.
    pub(crate) files: Vec<PathBuf>,
    /// Volumes printed.
    pub(crate) volumes: usize,
    /// Volumes without a number, which were not.
    pub(crate) unnumbered: usize,
    /// Pages in all.
    pub(crate) pages: usize,
    /// Characters no font has.
    pub(crate) findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Report<'a> {
    files: &'a [PathBuf],
    volumes: usize,
    volumes_unnumbered: usize,
    pages: usize,
    findings: Vec<Told<'a>>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let Some(out) = matches.get_one::<PathBuf>("out") else { return Ok(Exit::Usage) };
    let words = |name: &str| matches.get_many::<String>(name).into_iter().flatten();
    let what = words("what").map(|word| word.parse::<Form>()).collect::<Result<Vec<_>, _>>()?;
    let (formats, fonts) = (printing::formats(matches)?, printing::fonts(matches)?);
    let order = Order {
        year: matches.get_one::<i32>("year").copied(),
        together: matches.get_one::<RangeInclusive<i32>>("years").cloned(),
        out,
        what: if what.is_empty() { USUAL.to_vec() } else { what },
        formats,
        fonts,
        per_volume: matches.get_flag("per-volume"),
    };
    let mut office = Office::new(context.open()?)?;
    if let Some(code) = matches.get_one::<String>("fonds") {
        office = office.at_fonds(code)?;
    }
    let done = order.carry_out(context, &office)?;
    for file in &done.files {
        ui.line(file.display().to_string());
    }
    findings::print(ui, &done.findings, Shown::Human);
    ui.tell(&done.summary());
    ui.json(&Report {
        files: &done.files,
        volumes: done.volumes,
        volumes_unnumbered: done.unnumbered,
        pages: done.pages,
        findings: findings::told(&done.findings, ui.lang),
    })?;
    Ok(Exit::by_findings(&done.findings))
}

impl Catalogued {
    /// What came of it, in a sentence.
    pub(crate) fn summary(&self) -> Text {
        let (files, volumes, pages) = (self.files.len(), self.volumes, self.pages);
        match self.unnumbered {
            0 => text!(
                "{volumes} 卷，打印 {files} 个文件，{pages} 页",
                "{volumes} volumes printed: {files} files, {pages} pages"
            ),
            left => text!(
                "{volumes} 卷，打印 {files} 个文件，{pages} 页；{left} 卷未编号，没有打印",
                "{volumes} volumes printed: {files} files, {pages} pages; {left} volumes without numbers were not"
            ),
        }
    }
}

impl Order<'_> {
    /// Prints everything in memory first, then writes it: an error leaves no half of a catalogue.
    pub(crate) fn carry_out(&self, context: &Context, office: &Office) -> Result<Catalogued, CommandError> {
        office.arranged(self.year)?;
        let judged = Judged::of(context, office)?;
        let asked = |one: &i32| match &self.together {
            Some(years) => years.contains(one),
            None => self.year.is_none_or(|year| year == *one),
        };
        let years = || judged.years.iter().filter(|(one, _)| asked(one));
        let mut books: Vec<(Vec<i32>, Arrangement)> = years()
            .map(|(one, arrangement)| (vec![*one], numbered(arrangement)))
            .filter(|(_, arrangement)| !arrangement.volumes.is_empty())
            .collect();
        if self.together.is_some() && books.len() > 1 {
            let whole = by_year::together(books.iter().map(|(_, arrangement)| arrangement.clone()));
            books = vec![(books.into_iter().flat_map(|(years, _)| years).collect(), numbered(&whole))];
        }
        if books.is_empty() {
            return Err(CommandError::usage(
                Text::fixed("还没有编号的案卷", "no volume has a number yet"),
                Text::fixed("先运行 archive number", "run archive number first"),
            ));
        }
        let all: usize = years().map(|(_, arrangement)| arrangement.volumes.len()).sum();
        let volumes: usize = books.iter().map(|(_, arrangement)| arrangement.volumes.len()).sum();
        let mut done = Catalogued {
            files: Vec::new(),
            volumes,
            unnumbered: all - volumes,
            pages: 0,
            findings: Vec::new(),
        };
        let counted = self.formats.iter().find(|format| matches!(format, Format::Pdf | Format::Ofd));
        let several = books.len() > 1;
        let destroyed: BTreeMap<String, String> = office
            .repository
            .destroyed_volumes()?
            .into_iter()
            .filter(|volume| volume.fonds == office.institution().fonds)
            .map(|volume| (volume.code, volume.list))
            .collect();
        let mut printed: Vec<(PathBuf, Printed)> = Vec::new();
        for (years, arrangement) in &books {
            let year = years.first().copied().unwrap_or_default();
            let folder = if several { self.out.join(format!("{year}年度")) } else { self.out.to_owned() };
            // What stands in the catalogue with a fault is printed, and said.
            done.findings.extend(judged.held(arrangement).into_values().flatten().cloned());
            let book = Book::of_years(
                office.institution(),
                &office.profile,
                years.clone(),
                arrangement,
                &judged.items,
                context.today(),
            )
            .with_findings(&judged.findings)
            .with_destroyed(destroyed.clone())
            .with_handover(if self.what.contains(&Form::HandOver) {
                papers::known(office, year, arrangement, "")?
            } else {
                HandOver::default()
            });
            for format in &self.formats {
                let options = Options { per_volume: self.per_volume };
                let outcome = print(&self.what, *format, &book, &self.fonts, &options)?;
                done.findings.extend(outcome.findings);
                for file in outcome.files {
                    if Some(format) == counted {
                        done.pages += file.pages.unwrap_or(0);
                    }
                    printed.push((folder.join(&file.file_name), file));
                }
            }
        }
        finding::sort(&mut done.findings);
        done.findings.dedup();
        done.files = printing::write(&printed)?;
        Ok(done)
    }
}

/// The volumes that have numbers, in the order of their numbers (F1): only they are catalogued. Where they
/// stand among the others changes when a year is arranged anew; their numbers don't.
pub(crate) fn numbered(arrangement: &Arrangement) -> Arrangement {
    let mut numbered = arrangement.clone();
    numbered.volumes.retain(|volume| volume.number.is_some());
    numbered.volumes.sort_by(|one, other| {
        let place = |volume: &Volume| {
            volume.number.as_ref().map(|number| (number.catalogue_no.clone(), number.volume_no))
        };
        place(one).cmp(&place(other))
    });
    numbered
}
