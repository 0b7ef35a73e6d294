//! `archive disposal destroy`: carries a list out. And `destroyed`: what was.
//!
//! First the text index is cleared of what goes, then the store destroys: killed between the two, a record is
//! there and not found until `archive index` runs again, never gone and found.

use std::collections::BTreeSet;

use archive_core::model::ItemId;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::search::{Index, IndexError};
use archive_store::{Destroyed, DestroyedItem, DestroyedVolume};
use clap::{ArgMatches, Command};
use serde::Serialize;

use super::hold::code_of;
use super::{number, number_given};
use crate::args::{base, dry_run};
use crate::cmd::index;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::render::size;
use crate::render::table;

pub(super) fn command(lang: Lang) -> Command {
    base(
        "destroy",
        lang,
        &Text::fixed(
            "按清册销毁：内容不可恢复，目录行、凭证和编号保留（D5）",
            "Carry a list out: contents are gone for good; line, evidence and number stay (D5)",
        ),
    )
    .arg(number(lang))
    .arg(dry_run(lang))
}

pub(super) fn destroyed(lang: Lang) -> Command {
    base("destroyed", lang, &Text::fixed("列出已销毁的", "List what was destroyed"))
}

#[derive(Serialize)]
struct Report<'a> {
    number: &'a str,
    volumes: u64,
    items: usize,
    files: u64,
    bytes: u64,
    /// Copies in `quarantine/` that went with them.
    quarantine_files: u64,
    /// Kept items that have a file with the very same bytes.
    same_contents: Vec<String>,
    /// Packages built or sent that may hold copies, which are not this program's to destroy.
    packages: Vec<String>,
    dry_run: bool,
}

/// What carrying a list out came to.
pub(crate) struct Outcome {
    destroyed: Destroyed,
    same_contents: Vec<String>,
}

impl Outcome {
    /// The same in words.
    pub(crate) fn said(&self, number: &str, dry: bool) -> Text {
        let Destroyed { volumes, files, bytes, .. } = &self.destroyed;
        let (count, amount) = (self.destroyed.items.len(), size::megabytes(*bytes));
        if dry {
            text!(
                "按清册 {number} 将销毁 {volumes} 卷、{count} 件、{files} 个文件（{amount}）",
                "list {number} would destroy {volumes} volumes, {count} items, {files} files ({amount})"
            )
        } else {
            text!(
                "按清册 {number} 已销毁 {volumes} 卷、{count} 件、{files} 个文件（{amount}）；目录行、凭证和编号保留",
                "list {number}: {volumes} volumes, {count} items, {files} files ({amount}) destroyed; lines, evidence and numbers stay"
            )
        }
    }
}

/// Carries a list out, or finds what would come of it: the index forgets first, then the contents go.
pub(crate) fn carry_out(
    context: &Context,
    office: &Office,
    number: &str,
    dry: bool,
) -> Result<Outcome, CommandError> {
    let repository = &office.repository;
    let mut digests = Vec::new();
    for item in repository.items_on_destruction_list(number)? {
        digests.extend(repository.files(item)?.into_iter().map(|file| file.sha512));
    }
    let mut change = repository.begin(&context.operator, "disposal destroy", context.now)?;
    let destroyed = change.destroy(number, office.profile.appraisal)?;
    for said in change.recovered() {
        context.ui.note(said);
    }
    if dry {
        drop(change);
    } else {
        erase_text(office, &destroyed.items.iter().copied().collect(), &digests)?;
        change.commit()?;
    }
    let mut same_contents = Vec::new();
    for (item, name) in &destroyed.same_bytes {
        let code = code_of(repository, &archive_core::appraisal::Target::Item(*item))?;
        same_contents.push(format!("{code} {name}"));
    }
    Ok(Outcome { destroyed, same_contents })
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let number = number_given(matches);
    let dry = matches.get_flag("dry-run");
    let outcome = carry_out(context, &office, number, dry)?;
    let packages: Vec<String> = repository.sent_packages()?.into_iter().map(|sent| sent.package).collect();
    ui.tell(&outcome.said(number, dry));
    let Outcome { destroyed, same_contents } = outcome;
    let Destroyed { volumes, items, files, bytes, quarantined, same_bytes: _ } = destroyed;
    if quarantined > 0 {
        ui.tell(&if dry {
            text!(
                "修复时移入 quarantine 的副本 {quarantined} 个将一并销毁",
                "{quarantined} copies that repair moved to quarantine would be destroyed, too"
            )
        } else {
            text!(
                "修复时移入 quarantine 的副本 {quarantined} 个已一并销毁",
                "{quarantined} copies that repair moved to quarantine were destroyed, too"
            )
        });
    }
    if !same_contents.is_empty() {
        let names = same_contents.join("；");
        ui.tell(&text!(
            "注意：下列仍在保管的文件内容与已销毁的完全相同，请核对（D4）：{names}",
            "note: these kept files have the very same contents, please look at them (D4): {names}"
        ));
    }
    ui.tell(&Text::fixed(
        "库外的副本（纸质原件、移交包、打印件、备份）不在此列，请按清册另行销毁",
        "copies outside the repository (paper, packages, prints, backups) are to be destroyed by the same list",
    ));
    context.said_if_dry(matches);
    ui.json(&Report {
        number,
        volumes,
        items: items.len(),
        files,
        bytes,
        quarantine_files: quarantined,
        same_contents,
        packages,
        dry_run: dry,
    })?;
    Ok(Exit::Done)
}

/// Takes items out of both halves of the index, without a trace, and forgets what was read of their files. An
/// index that can't be written to any more is dropped whole: it is derived, and what it holds must not outlive
/// the records. What was read of a kept record with the very same bytes goes, too, and is read again.
fn erase_text(office: &Office, items: &BTreeSet<ItemId>, digests: &[String]) -> Result<(), CommandError> {
    let texts = index::texts(&office.repository);
    for digest in digests {
        texts.forget(digest).map_err(|error| CommandError::io(texts.folder(), &error))?;
    }
    let dir = index::folder(&office.repository);
    match Index::open(&dir) {
        Ok(index) => index.writer()?.erase(items)?,
        Err(IndexError::Missing(_)) => {}
        Err(IndexError::NeedsRebuild { .. } | IndexError::Damaged(_)) => {
            Index::rebuild(&dir)?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

#[derive(Serialize)]
struct List {
    volumes: Vec<DestroyedVolume>,
    items: Vec<DestroyedItem>,
}

pub(super) fn run_destroyed(context: &Context, _matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let repository = context.open()?;
    let (volumes, items) = (repository.destroyed_volumes()?, repository.destroyed_items()?);
    let rows: Vec<Vec<String>> = volumes
        .iter()
        .map(|volume| {
            let day = volume.destroyed.get(..10).unwrap_or(&volume.destroyed).to_owned();
            let (items, pages) = (volume.items, volume.pages);
            vec![
                day,
                volume.code.clone(),
                volume.list.clone(),
                ui.say(&text!("{items} 件 {pages} 页", "{items} items, {pages} pages")).to_owned(),
                volume.title.clone(),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    let (count, all) = (volumes.len(), items.len());
    ui.tell(&text!("已销毁 {count} 卷、{all} 件", "{count} volumes and {all} items were destroyed"));
    ui.json(&List { volumes, items })?;
    Ok(Exit::Done)
}
