//! `archive index`: the text of every file, and the full-text index over it.
//!
//! Only what is new or changed is read again, and pictures are recognised once: what was read is kept in
//! the repository's folder `text/`, by the digest of the bytes. A file without text (a picture, while no
//! engine for recognition is there) is said to have none; the rest goes on. Interrupted, the command keeps
//! what it has done and goes on from there the next time.

mod cards;
mod files;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use archive_core::finding::{self, Finding};
use archive_core::model::ItemId;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::reading::{self, KeptTexts, Reader, Wanted};
use archive_index::recognise::{self, Engine};
use archive_index::search::{Index, IndexError, Put, Stamp};
use archive_index::text::{Limits, READERS};
use archive_store::Repository;
use clap::{Arg, ArgAction, ArgMatches, Command};
use rayon::prelude::*;
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::exit::Exit;
use crate::interrupt::{self, Gently};
use crate::office::Office;
use crate::render::findings::{self, Form, Told};
use cards::Cards;

/// So many items are read side by side before they are put into the index.
const BATCH: usize = 64;
/// How long an engine may take over a page.
const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) fn command(lang: Lang) -> Command {
    base("index", lang, &Text::fixed("建立全文索引", "Read the text of all files and index it"))
        .arg(Arg::new("rebuild").long("rebuild").action(ArgAction::SetTrue).help(pick(
            lang,
            "删去索引，从头重建",
            "Drop the index and make it anew",
        )))
        .arg(engine_option(lang))
}

/// `--engine`, which commands that recognise share.
pub(crate) fn engine_option(lang: Lang) -> Arg {
    Arg::new("engine")
        .long("engine")
        .value_name(pick(lang, "引擎", "ENGINE"))
        .value_parser(["auto", "ppocr", "tesseract", "none"])
        .default_value("auto")
        .help(pick(
            lang,
            "识别扫描图像：auto 用装好的最好的；指名则别的引擎读过的也重读；none 不识别",
            "Recognise scans: auto takes the best there is; a named one reads again what others read; none never",
        ))
}

/// Who recognises, and whether pages that others have read, too.
#[derive(Default)]
pub(crate) struct Recognition {
    /// The engine, if there is one.
    pub(crate) engine: Option<Box<dyn Engine>>,
    wanted: Wanted,
}

impl Recognition {
    /// The best engine there is, for what nobody has read.
    pub(crate) fn best() -> Self {
        Self { engine: recognise::engine(), wanted: Wanted::Unread }
    }

    /// What `--engine` says.
    pub(crate) fn chosen(matches: &ArgMatches) -> Result<Self, CommandError> {
        match matches.get_one::<String>("engine").map(String::as_str) {
            Some("none") => Ok(Self::default()),
            None | Some("auto") => Ok(Self::best()),
            Some(name) => match recognise::engine_named(name) {
                Ok(engine) => Ok(Self { engine: Some(engine), wanted: Wanted::OthersToo }),
                Err(why) => Err(CommandError::new(
                    Kind::Input,
                    text!("识别引擎 {name} 不能用", "the engine {name} can't be used"),
                    why,
                )),
            },
        }
    }

    /// A reader that has pictures recognised so.
    pub(crate) fn reader<'a>(&'a self, kept: Option<&'a KeptTexts>, stop: &'a AtomicBool) -> Reader<'a> {
        Reader {
            limits: Limits::default(),
            engine: self.engine.as_deref(),
            wanted: self.wanted,
            patience: PATIENCE,
            kept,
            stop,
        }
    }
}

/// The folder of a repository where its index lies.
pub(crate) const FOLDER: &str = "index";

/// Where a repository keeps its index.
pub(crate) fn folder(repository: &Repository) -> PathBuf {
    repository.root().join(FOLDER)
}

/// Where a repository keeps what was read of its files.
pub(crate) fn texts(repository: &Repository) -> KeptTexts {
    KeptTexts::in_folder(repository.root().join(reading::FOLDER))
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
    /// Whether the user broke it off.
    pub(crate) interrupted: bool,
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
    let recognition = Recognition::chosen(matches)?;
    let done = carry_out(context, matches.get_flag("rebuild"), &recognition)?;
    findings::print(&context.ui, &done.findings, Form::Human);
    context.ui.tell(&done.summary());
    context.ui.json(&Report {
        items: done.items,
        items_indexed: done.new,
        pages_with_text: done.pages,
        pages_without_text: done.pictures,
        findings: findings::told(&done.findings, context.ui.lang),
    })?;
    if done.interrupted {
        context.ui.note(&Text::fixed(
            "已中断；读好的都已保存，再次运行 archive index 接着做",
            "interrupted; what was read is kept, archive index goes on from there",
        ));
        return Ok(Exit::Interrupted);
    }
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

/// Takes records out of the index, if there is one, before they are closed; they come back by [`refresh`].
pub(crate) fn withdraw(repository: &Repository, items: &[ItemId]) -> Result<(), CommandError> {
    let index = match Index::open(&folder(repository)) {
        Ok(index) => index,
        // One that can't be searched shows nothing.
        Err(IndexError::Missing(_) | IndexError::NeedsRebuild { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let mut writer = index.writer()?;
    items.iter().try_for_each(|item| writer.remove(*item))?;
    Ok(writer.finish()?)
}

/// Brings the index up to date after records changed their state, if there is one; says whether there is.
///
/// What was closed must leave the public half at once, so this isn't left to the next `archive index`. Where `items` are
/// named the others aren't looked at: of a hundred thousand, one that is opened costs what one costs.
pub(crate) fn refresh(
    context: &Context,
    office: &Office,
    items: Option<&[ItemId]>,
) -> Result<bool, CommandError> {
    if !folder(&office.repository).exists() {
        return Ok(false);
    }
    // Nobody who decides on a record waits for pages to be recognised: what was read is kept.
    let only: Option<BTreeSet<ItemId>> = items.map(|items| items.iter().copied().collect());
    let context = context.at(office.repository.root());
    let done = index_of(&context, false, &Recognition::default(), only.as_ref())?;
    if done.interrupted {
        interrupt::end();
    }
    Ok(true)
}

/// Reads what is new or changed, and puts it into the index.
pub(crate) fn carry_out(
    context: &Context,
    rebuild: bool,
    recognition: &Recognition,
) -> Result<Indexed, CommandError> {
    index_of(context, rebuild, recognition, None)
}

/// The same for some records, unless the index must be made anew: then it is of all.
fn index_of(
    context: &Context,
    rebuild: bool,
    recognition: &Recognition,
    only: Option<&BTreeSet<ItemId>>,
) -> Result<Indexed, CommandError> {
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    // Said now, not after hours of reading.
    repository.may_change(&context.operator)?;
    let dir = folder(repository);
    let (index, rebuilt) = match Index::open_or_create(&dir) {
        Ok(index) if !rebuild => (index, None),
        // It is derived: what an older version made is made anew without asking, from what is kept; searches
        // go on in the old one until it is done.
        Ok(_) | Err(IndexError::NeedsRebuild { .. } | IndexError::Damaged(_)) => {
            let (index, rebuilt) = Index::rebuild_beside(&dir)?;
            (index, Some(rebuilt))
        }
        Err(error) => return Err(error.into()),
    };
    let only = only.filter(|_| rebuilt.is_none());
    let mut writer = index.writer()?;
    let cards = Cards::of(&office, only)?;
    let mut items = match only {
        Some(only) => only.iter().map(|id| repository.item(*id)).collect::<Result<Vec<_>, _>>()?,
        None => repository.items(&archive_store::ItemFilter::default())?,
    };
    // What was destroyed can't be searched, its title neither (D5): the line stands in the printed catalogue.
    let destroyed: BTreeSet<ItemId> =
        repository.destroyed_items()?.into_iter().map(|gone| gone.item).collect();
    items.retain(|item| !destroyed.contains(&item.id));
    let mut done = Indexed::default();
    let mut facts = Vec::new();

    let gently = Gently::begin();
    let stop = gently.asked();
    let texts = texts(repository);
    let reader = recognition.reader(Some(&texts), stop);
    let others_too = recognition.wanted == Wanted::OthersToo;
    let me = recognition.engine.as_deref().map(Engine::id);
    let bar = context.ui.progress(&Text::fixed("读取文字", "reading text"), items.len() as u64);
    for batch in items.chunks(BATCH) {
        if stop.load(Ordering::Relaxed) {
            done.interrupted = true;
            break;
        }
        let mut work = Vec::new();
        for item in batch {
            let files = repository.files(item.id)?;
            let record = cards.record(repository, item)?;
            let sources: Vec<_> = files.iter().map(|file| file.facts.text_source.clone()).collect();
            let digests: Vec<_> = files.iter().map(|file| file.sha512.clone()).collect();
            let stamp = Stamp::of(&(READERS, &record, &digests, sources));
            let unread = |me: &String| {
                let mut sources = files.iter().map(|file| file.facts.text_source.as_deref());
                sources.any(|source| files::wants(source, me, others_too))
            };
            if me.as_ref().is_some_and(unread)
                || !writer.holds(item.id, item.opening, item.secrecy.level, stamp)
            {
                work.push((item, record, files, digests));
            } else {
                bar.inc(1);
            }
        }
        let read: Vec<_> = work
            .into_par_iter()
            .map(|(item, record, files, digests)| {
                let read = files::read(item, &files, &reader);
                bar.inc(1);
                (record, files, digests, read)
            })
            .collect();
        for (mut record, files, digests, read) in read {
            let read = read?;
            if !read.complete {
                done.interrupted = true;
                continue;
            }
            let stamp = Stamp::of(&(READERS, &record, &digests, read.sources(&files)));
            done.pages += read.pages.len();
            done.pictures += read.pictures;
            record.pages = read.pages;
            if read.marked {
                // S2: a mark of secrecy in the text keeps the pages out of search.
                record.pages.clear();
            }
            let known = |id| files.iter().find(|file| file.id == id).map(|file| &file.facts);
            facts.extend(read.facts.into_iter().filter(|(id, fact)| known(*id) != Some(fact)));
            done.findings.extend(read.findings);
            match writer.put(&record, stamp)? {
                Put::Indexed => done.new += 1,
                Put::Unchanged | Put::Withheld => {}
            }
        }
    }
    if only.is_none() {
        writer.keep_only(&items.iter().map(|item| item.id).collect::<BTreeSet<_>>())?;
    }
    done.items = writer.records();
    writer.finish()?;
    if let (Some(rebuilt), false) = (rebuilt, done.interrupted) {
        drop(index);
        rebuilt.take_place()?;
    }
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
