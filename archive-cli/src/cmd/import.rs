//! `archive import REGISTER`: a year's register and scans into the repository, all rows or none.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use archive_catalogue::register::{self, RefusedRow, RegisterFormat, RegisterReading, SheetReading, scans};
use archive_core::finding::{self, Finding, Place, Severity};
use archive_core::model::{Item, ItemId};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::identify::identify;
use archive_index::text::{Limits, extract};
use archive_store::{Change, FileFacts, FileSource, ImportBatch, ItemFile, ItemFilter, Repository};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::apart;
use crate::args::{base, dry_run, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office;
use crate::render::findings::{self, Delivery, Form, Told};
use crate::render::size::megabytes;

pub(crate) fn command(lang: Lang) -> Command {
    base("import", lang, &Text::fixed("导入登记表和扫描件", "Import a register and its scans"))
        .arg(
            Arg::new("register")
                .required(true)
                .value_name(pick(lang, "登记表", "REGISTER"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(
                    lang,
                    "xlsx、xls、ods 或 csv（UTF-8 或 GB18030）",
                    "xlsx, xls, ods or csv (UTF-8 or GB18030)",
                )),
        )
        .arg(
            Arg::new("scans")
                .long("scans")
                .value_name(pick(lang, "文件夹", "DIR"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(lang, "扫描件所在的文件夹", "The folder of the scans")),
        )
        .arg(Arg::new("accept-valid").long("accept-valid").action(ArgAction::SetTrue).help(pick(
            lang,
            "收下合格的行；不合格的行写到登记表旁边",
            "Take in the valid rows; write the refused ones beside the register",
        )))
        .arg(Arg::new("update").long("update").action(ArgAction::SetTrue).help(pick(
            lang,
            "登记表是改正过的：同名登记表里同一序号的件更新，其余的新增",
            "The register was mended: rows imported before from a register of this name are updated, the others added",
        )))
        .arg(dry_run(lang))
        .arg(findings::format(lang))
        .arg(findings::out(lang))
}

/// What is imported, and how.
pub(crate) struct Import<'a> {
    /// The register.
    pub(crate) register: &'a Path,
    /// The folder its 扫描件 column speaks of.
    pub(crate) scans: Option<&'a Path>,
    /// Whether valid rows are taken in although others are refused.
    pub(crate) accept_valid: bool,
    /// Whether rows imported before are brought up to date.
    pub(crate) update: bool,
    /// Whether to change nothing.
    pub(crate) dry_run: bool,
}

/// What came of it.
pub(crate) struct Imported {
    /// Rows taken in, those brought up to date among them.
    pub(crate) accepted: usize,
    /// Rows brought up to date.
    pub(crate) updated: usize,
    /// The refused rows, as the spreadsheet counts them.
    pub(crate) refused: Vec<u32>,
    /// Files stored.
    pub(crate) files: u64,
    /// Their length.
    pub(crate) bytes: u64,
    /// Where the refused rows were written.
    pub(crate) refused_rows: Option<PathBuf>,
    /// Whether nothing was changed on purpose.
    pub(crate) dry_run: bool,
    /// Everything that was seen.
    pub(crate) findings: Vec<Finding>,
}

impl Import<'_> {
    /// Reads the register and the scans it names, and takes them in.
    pub(crate) fn carry_out(&self, context: &Context) -> Result<Imported, CommandError> {
        let repository = context.open()?;
        let bytes = fs::read(self.register).map_err(|error| CommandError::io(self.register, &error))?;
        let name =
            self.register.file_name().unwrap_or(self.register.as_os_str()).to_string_lossy().into_owned();
        apart::survives(&bytes)?;
        let mut reading = register::read(&name, &bytes)?;
        let (files, mut findings) = files(&reading, self.scans)?;
        findings.extend(count_pages(&mut reading.items, &files));
        for finding in &mut findings {
            reading.cells.locate(finding);
        }
        findings.extend(reading.findings.iter().cloned());
        office::profile(&repository.settings().profile, repository.root())?.weigh(&mut findings);
        finding::sort(&mut findings);
        let refused: Vec<u32> = reading.refused.iter().map(|row| row.row).collect();
        let mut imported = Imported {
            accepted: 0,
            updated: 0,
            refused,
            files: 0,
            bytes: 0,
            refused_rows: None,
            dry_run: self.dry_run,
            findings,
        };
        if !imported.refused.is_empty() && !self.accept_valid {
            return Ok(imported);
        }
        imported.accepted = reading.items.len();
        if self.dry_run {
            return Ok(imported);
        }
        let bar = context.ui.progress(&Text::fixed("存入文件", "storing files"), files.len() as u64);
        let known = self.before(&repository, &name, &reading.items)?;
        let items = std::mem::take(&mut reading.items);
        let (old, new): (Vec<Item>, Vec<Item>) = if known.is_empty() {
            (Vec::new(), items)
        } else {
            items.into_iter().partition(|item| known.contains_key(&item.row))
        };
        let is_old: HashSet<ItemId> = old.iter().map(|item| item.id).collect();
        let (files_of_old, files): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| is_old.contains(&file.item));

        let mut facts = facts_of(&files);
        let mut change = repository.begin(&context.operator, "import", context.now)?;
        let batch = ImportBatch {
            register_name: name,
            register_digest: crate::files::digest(&bytes),
            items: new,
            files,
        };
        let report = change.import(&batch, &|progress| bar.set_position(progress.files))?;
        (imported.files, imported.bytes) = (report.files, report.bytes);
        imported.updated = old.len();
        for item in old {
            if let Some(before) = known.get(&item.row) {
                imported.files += bring_up_to_date(&mut change, before, item, &files_of_old)?;
            }
        }
        for (item, id) in batch.items.iter().zip(&report.items) {
            note_facts(&change, *id, facts.remove(&item.id).unwrap_or_default())?;
        }
        // The refused rows are written first: if that fails, nothing is imported either.
        imported.refused_rows = write_refused(self.register, &reading.sheets, &reading.refused)?;
        change.commit()?;
        bar.finish_and_clear();
        Ok(imported)
    }

    /// The items an update brings up to date, by 序号; none for a register that is new.
    ///
    /// They are those of a register of the same name, or else of the one that has most rows in common: a
    /// mended register often gets another name. A register that is plainly an old one is refused without
    /// `--update`, since a second import would double the holdings without a word.
    fn before(
        &self,
        repository: &Repository,
        name: &str,
        rows: &[Item],
    ) -> Result<HashMap<String, Item>, CommandError> {
        let own = ItemFilter { fonds: Some(repository.own_fonds().to_owned()), ..ItemFilter::default() };
        let mut registers: BTreeMap<String, HashMap<String, Item>> = BTreeMap::new();
        for item in repository.items(&own)? {
            registers.entry(item.origin.register.clone()).or_default().insert(item.row.clone(), item);
        }
        let common = |there: &HashMap<String, Item>| {
            let same = |row: &&Item| there.get(&row.row).is_some_and(|old| is_same_document(old, row));
            rows.iter().filter(same).count()
        };
        let nearest = registers.iter().max_by_key(|(_, there)| common(there)).map(|(name, _)| name.clone());
        let nearest = nearest
            .filter(|nearest| registers.get(nearest).is_some_and(|there| common(there) * 2 > rows.len()));
        let chosen = registers.contains_key(name).then(|| name.to_owned()).or(nearest.clone());
        match (self.update, chosen, nearest) {
            (true, Some(chosen), _) => Ok(registers.remove(&chosen).unwrap_or_default()),
            (true, None, _) => Err(CommandError::usage(
                Text::fixed(
                    "没有可以更新的：库里没有这份登记表的行",
                    "nothing to update: no row of this register is in the repository",
                ),
                Text::fixed(
                    "去掉 --update，作为新的登记表导入",
                    "leave out --update to import it as a new register",
                ),
            )),
            (false, _, Some(nearest)) => Err(CommandError::usage(
                text!(
                    "这份登记表大半的行已随“{nearest}”导入过",
                    "most rows of this register were imported before, from “{nearest}”"
                ),
                Text::fixed(
                    "改正过的登记表请加 --update，已有的件更新，其余的新增",
                    "for a mended register add --update: the items that are there are brought up to date, the others added",
                ),
            )),
            (false, _, None) => Ok(HashMap::new()),
        }
    }
}

/// Whether two descriptions are plainly of one document: the same title, or the same number where a title was
/// mended.
fn is_same_document(one: &Item, other: &Item) -> bool {
    let numbered = |item: &Item| item.number.as_ref().map(|number| number.original.clone());
    (!one.title.is_empty() && one.title == other.title)
        || (numbered(one).is_some() && numbered(one) == numbered(other))
}

/// What each file is and how many pages it has, by item, in the order of its files.
fn facts_of(files: &[ItemFile]) -> HashMap<ItemId, Vec<FileFacts>> {
    let mut facts: HashMap<ItemId, Vec<FileFacts>> = HashMap::new();
    for file in files {
        let format = match &file.source {
            FileSource::Path(path) => {
                fs::File::open(path).and_then(|mut opened| identify(&mut opened, &file.name)).ok()
            }
            FileSource::Opener { .. } => None,
        };
        facts.entry(file.item).or_default().push(FileFacts {
            format: format.as_ref().map(|format| format.describe().zh.into_owned()),
            pages: format.and_then(|format| format.pages),
            ..FileFacts::default()
        });
    }
    facts
}

/// Notes what an item's files are, so that the rules can compare their pages with the register (P3).
fn note_facts(change: &Change<'_>, item: ItemId, facts: Vec<FileFacts>) -> Result<(), CommandError> {
    for (file, facts) in change.repository().files(item)?.into_iter().zip(facts) {
        change.set_file_facts(file.id, &facts)?;
    }
    Ok(())
}

/// Puts a mended description in place of the one there was, and adds the files it names anew. Returns how
/// many files were added. What a review decided on opening stays.
fn bring_up_to_date(
    change: &mut Change<'_>,
    before: &Item,
    after: Item,
    files: &[ItemFile],
) -> Result<u64, CommandError> {
    let there: HashSet<String> =
        change.repository().files(before.id)?.into_iter().map(|file| file.name).collect();
    let added: Vec<ItemFile> = files
        .iter()
        .filter(|file| file.item == after.id && !there.contains(&file.name))
        .filter_map(|file| match &file.source {
            FileSource::Path(path) => Some(ItemFile {
                item: before.id,
                name: file.name.clone(),
                source: FileSource::Path(path.clone()),
                expected_sha256: None,
            }),
            FileSource::Opener { .. } => None,
        })
        .collect();
    change.describe(&Item { id: before.id, opening: before.opening, ..after })?;
    if !added.is_empty() {
        change.add_files(before.id, &added, &|_| ())?;
    }
    Ok(added.len() as u64)
}

#[derive(Serialize)]
struct Report<'a> {
    items_accepted: usize,
    items_updated: usize,
    items_refused: usize,
    files_stored: u64,
    bytes_stored: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_rows: Option<&'a Path>,
    findings: &'a [Told<'a>],
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let Some(register) = matches.get_one::<PathBuf>("register") else { return Ok(Exit::Usage) };
    let import = Import {
        register,
        scans: matches.get_one::<PathBuf>("scans").map(PathBuf::as_path),
        accept_valid: matches.get_flag("accept-valid"),
        update: matches.get_flag("update"),
        dry_run: matches.get_flag("dry-run"),
    };
    let form = Form::of(matches);
    let ui = if form == Form::Json { &ui.in_json() } else { ui };
    let done = import.carry_out(context)?;
    let delivery = Delivery {
        form: if ui.is_json() { Form::Json } else { form },
        out: matches.get_one::<PathBuf>("out"),
        institution: "",
        printed_on: context.today(),
    };
    let told = findings::told(&done.findings, ui.lang);
    delivery.carry_out(
        ui,
        &told,
        &Report {
            items_accepted: done.accepted,
            items_updated: done.updated,
            items_refused: done.refused.len(),
            files_stored: done.files,
            bytes_stored: done.bytes,
            refused_rows: done.refused_rows.as_deref(),
            findings: &told,
        },
    )?;
    // A list on standard output is nothing but the list.
    match form {
        Form::Human | Form::Short => ui.tell(&done.summary()),
        Form::Json | Form::Csv | Form::Xlsx => ui.note(&done.summary()),
    }
    // A register that was refused as a whole is no success, whatever the profile makes of its faults.
    let refused = done.accepted == 0 && !done.refused.is_empty();
    Ok(if refused { Exit::Findings } else { Exit::by_findings(&done.findings) })
}

/// The files the rows name, and what was amiss with them.
fn files(
    reading: &RegisterReading,
    folder: Option<&Path>,
) -> Result<(Vec<ItemFile>, Vec<Finding>), CommandError> {
    let Some(folder) = folder else { return Ok((Vec::new(), Vec::new())) };
    let found = scans::find(folder, &reading.items).map_err(|error| CommandError::io(folder, &error))?;
    let files = found
        .scans
        .into_iter()
        .map(|scan| ItemFile {
            item: scan.item,
            name: scan.name,
            source: FileSource::Path(scan.path),
            expected_sha256: None,
        })
        .collect();
    Ok((files, found.findings))
}

/// Where the register leaves 页数 empty, the pages of the item's files are counted.
fn count_pages(items: &mut [Item], files: &[ItemFile]) -> Vec<Finding> {
    let mut of_item: HashMap<ItemId, Vec<&Path>> = HashMap::new();
    for file in files {
        if let FileSource::Path(path) = &file.source {
            of_item.entry(file.item).or_default().push(path);
        }
    }
    let mut findings = Vec::new();
    for item in items.iter_mut().filter(|item| item.pages.is_none()) {
        let Some(paths) = of_item.get(&item.id) else { continue };
        // A file that can't be read or counted leaves the cell empty: the rules ask for it (L1).
        let Some(pages) = paths.iter().map(|path| pages_of(path)).sum::<Option<u32>>().filter(|n| *n > 0)
        else {
            continue;
        };
        item.pages = Some(pages);
        let place = Place {
            file: Some(item.origin.register.clone()),
            row: Some(item.origin.row),
            item: Some(item.row.clone()),
            field: Some("页数".to_owned()),
            ..Place::default()
        };
        let message = text!("没有页数，按文件计为 {pages} 页", "no page count: {pages} by its files");
        let help = Text::fixed("请与原件核对", "compare it with the original");
        findings.push(Finding::new(RuleId::L1, place, message).at(Severity::Info).with_help(help));
    }
    findings
}

/// The pages of a file: as its format counts them, else as its text falls into pages.
fn pages_of(path: &Path) -> Option<u32> {
    let bytes = fs::read(path).ok()?;
    let name = path.file_name()?.to_string_lossy();
    let extraction = extract(bytes, &name, &Limits::default());
    extraction.format.pages.or_else(|| u32::try_from(extraction.pages.len()).ok())
}

/// Writes the refused rows beside the register, under a name that is free.
pub(crate) fn write_refused<C>(
    register: &Path,
    sheets: &[SheetReading<C>],
    refused: &[RefusedRow],
) -> Result<Option<PathBuf>, CommandError> {
    if refused.is_empty() {
        return Ok(None);
    }
    let bytes = register::write_refused(sheets, refused, RegisterFormat::Xlsx)?;
    let stem = register.file_stem().unwrap_or_default().to_string_lossy();
    let path = (1..=u16::MAX)
        .map(|n| if n == 1 { format!("{stem}.退回.xlsx") } else { format!("{stem}.退回{n}.xlsx") })
        .map(|name| register.with_file_name(name))
        .find(|path| !path.exists())
        .unwrap_or_else(|| register.with_extension("退回.xlsx"));
    crate::files::write(&path, &bytes)?;
    Ok(Some(path))
}

impl Imported {
    /// What came of it, in a sentence.
    pub(crate) fn summary(&self) -> Text {
        let Self { accepted, refused, files, bytes, .. } = self;
        let megabytes = megabytes(*bytes);
        let rows = refused.iter().map(ToString::to_string).collect::<Vec<_>>().join("、");
        if *accepted == 0 && !refused.is_empty() {
            return text!(
                "没有导入：第 {rows} 行不合格。改正后再导入，或加 --accept-valid 先收下合格的行",
                "nothing was imported: rows {rows} are not valid. Mend them, or take in the valid ones with --accept-valid"
            );
        }
        if self.dry_run {
            return text!(
                "可以导入 {accepted} 件（未导入）",
                "{accepted} items can be imported (nothing was)"
            );
        }
        let updated = self.updated;
        match &self.refused_rows {
            None if updated > 0 => text!(
                "已导入 {accepted} 件（其中更新 {updated} 件），存入文件 {files} 个（{megabytes}）",
                "{accepted} items imported ({updated} of them updated), {files} files stored ({megabytes})"
            ),
            None => text!(
                "已导入 {accepted} 件，存入文件 {files} 个（{megabytes}）",
                "{accepted} items imported, {files} files stored ({megabytes})"
            ),
            Some(path) => {
                let path = path.display();
                text!(
                    "已导入 {accepted} 件，存入文件 {files} 个（{megabytes}）；退回第 {rows} 行，见 {path}",
                    "{accepted} items imported, {files} files stored ({megabytes}); rows refused: {rows}, see {path}"
                )
            }
        }
    }
}
