//! `archive demo`: a whole year's work on records that come with the program, from the register to the
//! receipt of the archives.
//!
//! It runs the same functions as the commands, in the order an archivist types them, and says what each
//! one came to. Nothing is skipped over: what the rules find wrong in the year is listed and held back,
//! as it would be in an office.

use std::fs;
use std::path::{Path, PathBuf};

use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::Form;
use archive_catalogue::print::Format;
use archive_core::access::Asker;
use archive_core::finding::{Counts, Finding, Severity};
use archive_core::model::{Institution, TieSource};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::search::{Index, Search};
use archive_store::{Repository, Settings};
use archive_transfer::Target;
use archive_transfer::signature::Trust;
use clap::{Arg, ArgMatches, Command, value_parser};
use include_dir::{Dir, include_dir};
use serde::Serialize;

use super::{arrange, catalogue, import, index, number, transfer};
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::files;
use crate::interrupt;
use crate::judged::Judged;
use crate::office::Office;
use crate::render::findings;

static REGISTER: &[u8] = include_bytes!("../../../fixtures/county-2004/register.xlsx");
static SCANS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../fixtures/county-2004/scans");

/// Whose year it is: an office that exists in this demonstration only.
const OFFICE: &str = "临溪县人民政府办公室";
const FONDS: &str = "J019";
const BUREAU: &str = "临溪县档案馆";
const YEAR: i32 = 2004;
/// What a person might look for in such a year.
const QUERIES: [&str; 3] = ["抗洪抢险", "临政〔2004〕21号", "林权 争议"];

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "demo",
        lang,
        &Text::fixed(
            "演示：用自带的一年档案走完全过程",
            "The whole yearly job on records that come with the program",
        ),
    )
    .arg(
        Arg::new("out")
            .long("out")
            .default_value("archive-demo")
            .value_name(pick(lang, "文件夹", "DIR"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(lang, "结果放到哪个新文件夹", "The new folder everything is left in")),
    )
}

/// A step of the work, as the summary tells it.
#[derive(Serialize)]
struct Step {
    command: String,
    result: String,
}

#[derive(Serialize)]
struct Report<'a> {
    out: &'a Path,
    steps: Vec<Step>,
    counts: Counts,
    valid: bool,
    accession: Option<String>,
}

/// The demonstration as it goes on.
struct Demo<'a> {
    context: &'a Context,
    steps: Vec<Step>,
}

impl Demo<'_> {
    /// Tells a step: what a person would type, and what it came to.
    fn step(&mut self, command: &str, result: &Text) {
        let ui = &self.context.ui;
        ui.line(format!("$ archive {command}"));
        for line in ui.say(result).lines() {
            ui.line(format!("  {line}"));
        }
        ui.line("");
        self.steps.push(Step { command: format!("archive {command}"), result: ui.say(result).to_owned() });
    }
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(out) = matches.get_one::<PathBuf>("out") else { return Ok(Exit::Usage) };
    let out = std::path::absolute(out).map_err(|error| CommandError::io(out, &error))?;
    if fs::read_dir(&out).is_ok_and(|mut entries| entries.next().is_some()) {
        let path = out.display();
        return Err(CommandError::usage(
            text!("文件夹 {path} 不是空的", "the folder {path} is not empty"),
            Text::fixed(
                "用 --out 指定一个新文件夹，或先移走它",
                "name a new folder with --out, or move that one away",
            ),
        ));
    }
    let register = unpack(&out)?;
    let [repository_dir, bureau_dir] = ["repository", "bureau"].map(|name| out.join(name));
    let at_office = context.at(&repository_dir);
    let at_bureau = context.at(&bureau_dir);
    let mut demo = Demo { context, steps: Vec::new() };
    context.ui.tell(&Text::fixed(
        "用自带的一年档案走一遍全过程。单位、人员、事项都是虚构的。\n",
        "A year's work from end to end. The office, its people and its affairs are made up.\n",
    ));

    let own = Institution { name: OFFICE.to_owned(), fonds: FONDS.to_owned() };
    let settings = Settings::new(own, archive_core::profile::BUILT_IN[0]);
    Repository::create(&repository_dir, &settings, &context.operator, context.now)?;
    demo.step(
        &format!("init repository --institution {OFFICE} --fonds {FONDS}"),
        &Text::fixed("档案库已建立，规则为 futian-2006", "the repository is made; its rules are futian-2006"),
    );

    let scans = out.join("input/scans");
    let import = import::Import {
        register: &register,
        scans: Some(&scans),
        accept_valid: true,
        update: false,
        dry_run: false,
    };
    let imported = import.carry_out(&at_office)?;
    let seen = findings::summary(Counts::of(&imported.findings));
    demo.step(
        "import input/register.xlsx --scans input/scans --accept-valid",
        &joined(&imported.summary(), &seen),
    );

    let office = Office::new(at_office.open()?)?;
    let arranged = arrange::carry_out(&at_office, &office, None, false)?;
    demo.step("arrange", &joined(&arranged.summary(), &an_example(&arranged)));

    let judged = Judged::of(&at_office, &office)?;
    let counts = Counts::of(&judged.findings);
    demo.step("check", &joined(&findings::summary(counts), &the_errors(&judged.findings)));

    let numbered = number::carry_out(&at_office, &office, None, None, false)?;
    demo.step("number", &numbered.summary());

    let catalogues = out.join("catalogues");
    let order = catalogue::Order {
        year: None,
        together: None,
        out: &catalogues,
        what: vec![Form::Cover, Form::Contents, Form::Note, Form::Volumes, Form::Full],
        formats: vec![Format::Pdf, Format::Xlsx],
        fonts: Fonts::find(&[])?,
        per_volume: false,
    };
    let printed = order.carry_out(&at_office, &office)?;
    demo.step("catalogue --out catalogues", &printed.summary());

    let indexed = index::carry_out(&at_office, false, &index::Recognition::default())?;
    if indexed.interrupted {
        interrupt::end();
    }
    demo.step("index --engine none", &indexed.summary());
    for query in QUERIES {
        let found = search(&office, query)?;
        demo.step(&format!("search {query}"), &found);
    }

    let packages = out.join("packages");
    let order = transfer::build::Order {
        year: YEAR,
        out: &packages,
        target: Target::Folder,
        archives: BUREAU,
        sm3: false,
        max_bytes: None,
        accept: None,
    };
    let packed = order.carry_out(&at_office, &office)?;
    let built: Vec<Text> = packed.packages.iter().map(transfer::build::told).collect();
    demo.step(&format!("transfer build --year {YEAR} --archives {BUREAU} --out packages"), &lines(&built));

    let (mut valid, mut accession) = (!packed.packages.is_empty(), None);
    let bureau = Institution { name: BUREAU.to_owned(), fonds: "000".to_owned() };
    Repository::create(
        &bureau_dir,
        &Settings::new(bureau, archive_core::profile::BUILT_IN[0]),
        &context.operator,
        context.now,
    )?;
    for package in &packed.packages {
        let name = package.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let verification = transfer::verify::carry_out(&at_bureau, &package.path, &Trust::default())?.0;
        valid &= verification.valid;
        demo.step(&format!("transfer verify packages/{name}"), &transfer::verify::verdict(&verification));
        let answered = transfer::receive::carry_out(&at_bureau, &package.path, &Trust::default(), None)?;
        valid &= answered.received.is_some();
        accession = answered.received.as_ref().map(|received| received.accession.clone());
        demo.step(&format!("transfer receive packages/{name} -R bureau"), &answered.summary());
        let filed = transfer::receipt::file(&at_office, &package.path, None, &Trust::default())?;
        demo.step(&format!("transfer receipt packages/{name}"), &filed.summary());
    }

    close(&demo, &out, counts);
    let steps = demo.steps;
    context.ui.json(&Report { out: &out, steps, counts, valid, accession })?;
    Ok(if valid { Exit::Done } else { Exit::Findings })
}

/// Lays the year's input out as an office has it: a register, and a folder of scans.
fn unpack(out: &Path) -> Result<PathBuf, CommandError> {
    let register = out.join("input/register.xlsx");
    files::write(&register, REGISTER)?;
    let mut folders = vec![&SCANS];
    while let Some(folder) = folders.pop() {
        for file in folder.files() {
            files::write(&out.join("input/scans").join(file.path()), file.contents())?;
        }
        folders.extend(folder.dirs());
    }
    Ok(register)
}

fn search(office: &Office, query: &str) -> Result<Text, CommandError> {
    let index = Index::open(&index::folder(&office.repository))?;
    let result = index.search(&Search::new(Asker::Staff, query)?.limit(3))?;
    let (total, records) = (result.total, result.records);
    let mut told = vec![text!("{total} 处，{records} 件", "{total} hits in {records} items")];
    told.extend(result.hits.iter().map(|hit| {
        let (code, snippet) = (&hit.code, hit.snippet.marked("【", "】"));
        match hit.page {
            Some(page) => text!("{code} 第 {page} 页：{snippet}", "{code}, page {page}: {snippet}"),
            None => {
                let title = &hit.title;
                text!("{code} {title}", "{code} {title}")
            }
        }
    }));
    Ok(lines(&told))
}

/// A tie the program found by itself, with the words it rests on.
fn an_example(arranged: &arrange::Arranged) -> Text {
    let row = |id| arranged.items.iter().find(|item| item.id == id).map_or("?", |item| item.row.as_str());
    arranged
        .arrangement
        .ties
        .iter()
        .find_map(|tie| match &tie.source {
            TieSource::Proposed { confidence, grounds } if *confidence > 0.9 => {
                let (from, to, kind) = (row(tie.from), row(tie.to), tie.kind);
                let (zh, en) = (&grounds.zh, &grounds.en);
                Some(text!(
                    "例如推定序号 {from} 是序号 {to} 的{kind}：{zh}",
                    "for one: row {from} is taken for the {kind} of row {to}: {en}"
                ))
            }
            _ => None,
        })
        .unwrap_or_else(|| Text::fixed("", ""))
}

/// The errors, one line each: they are what must be mended.
fn the_errors(findings: &[Finding]) -> Text {
    let errors: Vec<Text> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| Text::new(findings::line(finding, Lang::Zh), findings::line(finding, Lang::En)))
        .collect();
    lines(&errors)
}

fn joined(first: &Text, second: &Text) -> Text {
    lines(&[first.clone(), second.clone()])
}

fn lines(texts: &[Text]) -> Text {
    let in_lang = |lang: Lang| {
        let parts = texts.iter().map(|text| text.in_lang(lang)).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("\n")
    };
    Text::new(in_lang(Lang::Zh), in_lang(Lang::En))
}

/// Where everything is, and what a person would do next.
fn close(demo: &Demo<'_>, out: &Path, counts: Counts) {
    let (path, Counts { error, warning, .. }) = (out.display(), counts);
    demo.context.ui.tell(&text!(
        "完成。结果都在 {path}：
  repository/  档案库：archive.toml、catalogue.db、objects/、index/
  catalogues/  案卷封面、卷内目录、备考表、案卷目录、全引目录（PDF 和 xlsx）
  packages/    移交包和档案馆的回执
  bureau/      档案馆的库，已收进移交包
  input/       登记表、扫描件；退回的行在 register.退回.xlsx
接下来：错误 {error} 项、警告 {warning} 项，用 archive check -R {path}/repository 逐条查看；
改正登记表后用 archive import --update 更新，再 archive arrange、archive number，没有编号的案卷就接着编下去。",
        "Done. Everything is in {path}:
  repository/  the repository: archive.toml, catalogue.db, objects/, index/
  catalogues/  covers, lists of contents, notes, volume and full catalogues (PDF and xlsx)
  packages/    the transfer package, and the receipt of the archives
  bureau/      the repository of the archives, with the package taken in
  input/       the register and the scans; refused rows are in register.退回.xlsx
Next: {error} errors and {warning} warnings, listed by archive check -R {path}/repository; mend the register,
run archive import --update, then archive arrange and archive number: the volumes that waited get their numbers."
    ));
}
