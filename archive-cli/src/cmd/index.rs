//! `archive index`: the text of every file, and the full-text index over it.
//!
//! Only what is new or changed is read again. A file without text (a picture, while no engine for
//! recognition is there) is said to have none; the rest goes on.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use archive_core::finding::{self, Finding, Place};
use archive_core::model::{Item, ItemId, Secrecy, SecrecyLevel};
use archive_core::number::item_code;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::recognise::{self, Engine};
use archive_index::search::{Index, IndexError, PageText, Put, Record, Stamp};
use archive_index::text::{Extraction, Limits, NoText, TextSource, extract};
use archive_store::{FileFacts, Repository, StoredFile};
use clap::{Arg, ArgAction, ArgMatches, Command};
use rayon::prelude::*;
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::render::findings::{self, Form, Told};

/// So many items are read side by side before they are put into the index.
const BATCH: usize = 64;
/// What goes into a stamp beside the record: raised when the reading of files changes.
const READING: u32 = 1;

pub(crate) fn command(lang: Lang) -> Command {
    base("index", lang, &Text::fixed("建立全文索引", "Read the text of all files and index it"))
        .arg(Arg::new("rebuild").long("rebuild").action(ArgAction::SetTrue).help(pick(
            lang,
            "删去索引，从头重建",
            "Drop the index and make it anew",
        )))
        .arg(
            Arg::new("engine")
                .long("engine")
                .value_name(pick(lang, "引擎", "ENGINE"))
                .value_parser(["auto", "none"])
                .default_value("auto")
                .help(pick(
                    lang,
                    "识别扫描图像：auto 装了识别程序就用；none 不识别",
                    "Recognise scans: auto where an engine is installed; none never",
                )),
        )
}

/// Where a repository keeps its index.
pub(crate) fn folder(repository: &Repository) -> PathBuf {
    repository.root().join("index")
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Indexed {
    /// Items in the index now.
    pub(crate) items: usize,
    /// Of them, read and put anew.
    pub(crate) new: usize,
    /// Pages with text among those read.
    pub(crate) pages: usize,
    /// Pages that are pictures and need recognition.
    pub(crate) pictures: usize,
    /// Files that could not be read, marks of secrecy, formats.
    pub(crate) findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Report<'a> {
    items: usize,
    items_indexed: usize,
    pages_with_text: usize,
    pages_without_text: usize,
    findings: Vec<Told<'a>>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let engine = match matches.get_one::<String>("engine").map(String::as_str) {
        Some("none") => None,
        _ => recognise::engine(),
    };
    let done = carry_out(context, matches.get_flag("rebuild"), engine.as_deref())?;
    findings::print(&context.ui, &done.findings, Form::Human);
    context.ui.tell(&done.summary());
    context.ui.json(&Report {
        items: done.items,
        items_indexed: done.new,
        pages_with_text: done.pages,
        pages_without_text: done.pictures,
        findings: findings::told(&done.findings, context.ui.lang),
    })?;
    Ok(Exit::by_findings(&done.findings))
}

impl Indexed {
    /// What came of it, in a sentence.
    pub(crate) fn summary(&self) -> Text {
        let Self { items, new, pages, pictures, .. } = self;
        let said = text!(
            "索引中共 {items} 件；本次读入 {new} 件，有文字 {pages} 页",
            "{items} items in the index; {new} read now, {pages} pages with text"
        );
        if *pictures == 0 {
            return said;
        }
        let Text { zh, en } = said;
        text!(
            "{zh}；另有 {pictures} 页是图像，须识别后才能检索全文",
            "{en}; {pictures} pages are pictures, found by their titles only until they are recognised"
        )
    }
}

/// Brings the index up to date after records changed their state, if there is one; says whether there is.
///
/// What was closed must leave the public half at once, so this isn't left to the next `archive index`.
pub(crate) fn refresh(context: &Context, office: &Office) -> Result<bool, CommandError> {
    if !folder(&office.repository).exists() {
        return Ok(false);
    }
    let engine = recognise::engine();
    carry_out(&context.at(office.repository.root()), false, engine.as_deref())?;
    Ok(true)
}

/// Reads what is new or changed, and puts it into the index.
pub(crate) fn carry_out(
    context: &Context,
    rebuild: bool,
    engine: Option<&dyn Engine>,
) -> Result<Indexed, CommandError> {
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let dir = folder(repository);
    let index = match Index::open_or_create(&dir) {
        Ok(index) if !rebuild => index,
        // It is derived: what an older version made is made anew without asking.
        Ok(_) | Err(IndexError::NeedsRebuild { .. } | IndexError::Damaged(_)) => Index::rebuild(&dir)?,
        Err(error) => return Err(error.into()),
    };
    let mut writer = index.writer()?;
    let cards = Cards::of(&office)?;
    let mut items = repository.items(&archive_store::ItemFilter::default())?;
    // What was destroyed can't be searched, its title neither (D5): the line stands in the printed catalogue.
    let destroyed: BTreeSet<ItemId> =
        repository.destroyed_items()?.into_iter().map(|gone| gone.item).collect();
    items.retain(|item| !destroyed.contains(&item.id));
    let mut done = Indexed::default();
    let mut facts = Vec::new();

    let bar = context.ui.progress(&Text::fixed("读取文字", "reading text"), items.len() as u64);
    for batch in items.chunks(BATCH) {
        let mut work = Vec::new();
        for item in batch {
            let files = repository.files(item.id)?;
            let record = cards.record(repository, item)?;
            let digests: Vec<&str> = files.iter().map(|file| file.sha512.as_str()).collect();
            // An engine that is new reads again what had no text.
            let pictures = files.iter().any(|file| {
                file.facts.text_source.as_deref().is_none_or(|source| source.contains(source_word(&NO_TEXT)))
            });
            let reader = engine.filter(|_| pictures).map(Engine::id);
            let stamp = Stamp::of(&(READING, &record, digests, reader));
            if !writer.holds(item.id, item.opening, item.secrecy.level, stamp) {
                work.push((item, record, files, stamp));
            }
        }
        let read: Vec<_> = work
            .into_par_iter()
            .map(|(item, record, files, stamp)| (record, stamp, read_files(item, &files, engine)))
            .collect();
        for (mut record, stamp, read) in read {
            done.pages += read.pages.len();
            done.pictures += read.pictures;
            record.pages = read.pages;
            if read.marked {
                // S2: a mark of secrecy in the text keeps the pages out of search.
                record.pages.clear();
            }
            facts.extend(read.facts);
            done.findings.extend(read.findings);
            match writer.put(&record, stamp)? {
                Put::Indexed => done.new += 1,
                Put::Unchanged | Put::Withheld => {}
            }
        }
        bar.inc(batch.len() as u64);
    }
    writer.keep_only(&items.iter().map(|item| item.id).collect::<BTreeSet<_>>())?;
    done.items = writer.records();
    writer.finish()?;
    bar.finish_and_clear();

    if !facts.is_empty() {
        let change = repository.begin(&context.operator, "index", context.now)?;
        for (file, fact) in &facts {
            change.set_file_facts(*file, fact)?;
        }
        change.commit()?;
    }
    finding::sort(&mut done.findings);
    Ok(done)
}

/// What the files of one item gave.
#[derive(Default)]
struct Read {
    pages: Vec<PageText>,
    pictures: usize,
    marked: bool,
    facts: Vec<(archive_store::FileId, FileFacts)>,
    findings: Vec<Finding>,
}

fn read_files(item: &Item, files: &[StoredFile], engine: Option<&dyn Engine>) -> Read {
    let mut read = Read::default();
    let mut before = 0;
    for file in files {
        let place = Place { file: Some(file.name.clone()), item: Some(item.row.clone()), ..Place::default() };
        let bytes = match std::fs::read(&file.path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = text!("文件无法读取：{error}", "the file can't be read: {error}");
                read.findings.push(Finding::new(RuleId::I3, place, message));
                continue;
            }
        };
        let bytes: Arc<[u8]> = bytes.into();
        let mut extraction = extract(Arc::clone(&bytes), &file.name, &Limits::default());
        if let Some(engine) = engine {
            recognise_pages(&mut extraction, &bytes, engine, &place, &mut read.findings);
        }
        let Extraction { format, pages, stopped, .. } = extraction;
        read.findings.extend(format.findings(&place));
        if let Some(why) = stopped {
            let Text { zh, en } = why.describe();
            let message = text!("取不出全部文字：{zh}", "not all text could be read: {en}");
            read.findings.push(Finding::new(RuleId::I5, place.clone(), message));
        }
        let count = format.pages.unwrap_or(u32::try_from(pages.len()).unwrap_or(u32::MAX));
        let mut sources = BTreeSet::new();
        for page in &pages {
            sources.insert(source_word(&page.source));
            if page.source.needs_recognition() {
                read.pictures += 1;
            } else if !page.lines.is_empty() {
                read.pages.push(PageText { page: before + page.number, text: page.text() });
            }
        }
        let marked = pages.first().and_then(|first| mark(first, item));
        if let Some(mark) = &marked {
            read.marked = true;
            let level = mark.level.word();
            let message = text!(
                "首页有“{level}”标志，而登记为非密",
                "the first page is marked {level}, but registered as open"
            );
            read.findings.push(Finding::new(RuleId::S2, place, message));
        }
        read.facts.push((
            file.id,
            FileFacts {
                format: Some(format.describe().zh.into_owned()),
                pages: format.pages,
                mark: marked.map(|mark| mark.level.word().to_owned()),
                text_source: Some(sources.into_iter().collect::<Vec<_>>().join(" ")),
            },
        ));
        before += count;
    }
    read
}

/// How long an engine may take over a page.
const PATIENCE: Duration = Duration::from_mins(1);

/// Has the pages that are pictures read by an engine. A page it can't read stays a picture, and is told.
fn recognise_pages(
    extraction: &mut Extraction,
    bytes: &Arc<[u8]>,
    engine: &dyn Engine,
    place: &Place,
    findings: &mut Vec<Finding>,
) {
    let wanted: Vec<u32> = extraction.to_recognise().collect();
    if wanted.is_empty() {
        return;
    }
    let pictures = match recognise::pictures(bytes, &extraction.format, &wanted, &Limits::default()) {
        Ok(pictures) => pictures,
        Err(why) => {
            let Text { zh, en } = why.describe();
            let message = text!("取不出图像：{zh}", "the pictures can't be read: {en}");
            findings.push(Finding::new(RuleId::I5, place.clone(), message));
            return;
        }
    };
    for picture in pictures {
        match engine.read(&picture, PATIENCE) {
            Ok(page) => {
                if let Some(there) = extraction.pages.iter_mut().find(|there| there.number == page.number) {
                    *there = page;
                }
            }
            Err(error) => {
                let message = text!("有一页识别不了：{error}", "a page could not be recognised: {error}");
                findings.push(Finding::new(RuleId::I5, place.clone(), message));
            }
        }
    }
}

/// A page nobody has read yet, as the store remembers it.
const NO_TEXT: TextSource = TextSource::None(NoText::Picture);

/// A mark of secrecy in the upper corners of a first page: one of its first lines is nothing else.
fn mark(page: &archive_index::text::Page, item: &Item) -> Option<Secrecy> {
    if item.secrecy.level != SecrecyLevel::None {
        return None;
    }
    page.lines.iter().take(6).find_map(|line| Secrecy::mark_in_line(&line.text))
}

const fn source_word(source: &TextSource) -> &'static str {
    match source {
        TextSource::BornDigital => "born-digital",
        TextSource::TextLayer => "text-layer",
        TextSource::Recognised { .. } => "recognised",
        TextSource::None(_) => "none",
    }
}

/// What the catalogue says of each item: its code, year and period once it is in a volume.
struct Cards {
    placed: HashMap<ItemId, Placed>,
}

struct Placed {
    code: String,
    year: i32,
    period: archive_core::model::RetentionPeriod,
    side: archive_core::model::Side,
    section: Option<String>,
    title: String,
}

impl Cards {
    fn of(office: &Office) -> Result<Self, CommandError> {
        let mut placed = HashMap::new();
        for fonds in office.repository.all_fonds()? {
            for year in office.repository.years(&fonds.fonds)? {
                let Some(arrangement) = office.repository.arrangement(&fonds.fonds, year)? else { continue };
                for volume in &arrangement.volumes {
                    for entry in &volume.entries {
                        let code = item_code(volume, entry, &fonds, &office.profile).unwrap_or_default();
                        let place = Placed {
                            code,
                            year: volume.year,
                            period: volume.period,
                            side: volume.side,
                            section: volume.section.clone(),
                            title: entry.title.clone(),
                        };
                        placed.insert(entry.item, place);
                    }
                }
            }
        }
        Ok(Self { placed })
    }

    fn record(&self, repository: &Repository, item: &Item) -> Result<Record, CommandError> {
        // Before it has a code, a record is called by its row in the register.
        let mut record = Record::new(item.id, format!("序号{}", item.row), item.title.clone());
        record.fonds = repository.fonds_of(item.id)?;
        record.number.clone_from(&item.number);
        record.bodies.clone_from(&item.bodies);
        record.date = item.date.date();
        record.year = item.year.or(record.date.map(archive_core::reading::RecordDate::year));
        record.period = item.period;
        record.doc_type = item.doc_type.clone().or_else(|| doc_type(&item.title));
        record.section.clone_from(&item.section);
        record.side = item.side;
        record.notes.clone_from(&item.remarks);
        record.opening = item.opening;
        record.secrecy = item.secrecy.level;
        if let Some(place) = self.placed.get(&item.id) {
            record.year = Some(place.year);
            record.period = Some(place.period);
            record.side = Some(place.side);
            record.section = place.section.clone().or(record.section);
            if !place.code.is_empty() {
                record.code.clone_from(&place.code);
                // People type codes into the box too; among the notes they are found by any of their parts.
                let notes = record.notes.get_or_insert_default();
                notes.push('\n');
                notes.push_str(&place.code);
            }
            if record.title.is_empty() {
                record.title.clone_from(&place.title);
            }
        }
        Ok(record)
    }
}

fn doc_type(title: &str) -> Option<String> {
    archive_core::reading::DocType::of_title(title).map(|kind| kind.to_string())
}
