//! `archive transfer build`: the package of a year, for the archives.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use archive_catalogue::book::Book;
use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::Form as Printable;
use archive_catalogue::print::{Format, Options, print};
use archive_core::finding::{Finding, Place, Severity};
use archive_core::loans::{Loan, refuse_while_out};
use archive_core::model::{Arrangement, Item, ItemId, OpeningState};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_transfer::digest::Algorithm;
use archive_transfer::{
    BuildError, Built, Document, Exception, Files, OpeningOpinion, Package, PackageFile, Staged, Target,
    stage,
};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::{papers, sign};
use crate::args::{base, pick};
use crate::cmd::catalogue::numbered;
use crate::cmd::number::accept_faults;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::judged::{Judged, called};
use crate::keys::Keys;
use crate::office::Office;
use crate::render::findings::{self, Form, Told};
use crate::render::size::megabytes;

pub(crate) fn command(lang: Lang) -> Command {
    base("build", lang, &Text::fixed("做一个年度的移交包", "Build the package of a year"))
        .arg(
            Arg::new("year")
                .long("year")
                .required(true)
                .value_name(pick(lang, "年度", "YEAR"))
                .value_parser(value_parser!(i32).range(1000..=9999))
                .help(pick(lang, "年度", "The year")),
        )
        .arg(
            Arg::new("out")
                .long("out")
                .required(true)
                .value_name(pick(lang, "文件夹", "DIR"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(lang, "移交包放到哪个文件夹", "The folder the package is put in")),
        )
        .arg(Arg::new("zip").long("zip").action(ArgAction::SetTrue).help(pick(
            lang,
            "做成一个 zip 文件，而不是文件夹",
            "One zip file instead of a folder",
        )))
        .arg(
            Arg::new("archives")
                .long("archives")
                .default_value("")
                .hide_default_value(true)
                .value_name(pick(lang, "名称", "NAME"))
                .help(pick(lang, "接收的档案馆", "The archives that will receive it")),
        )
        .arg(Arg::new("sm3").long("sm3").action(ArgAction::SetTrue).help(pick(
            lang,
            "另附国密 SM3 摘要清单",
            "Add a manifest of SM3 digests",
        )))
        .arg(
            Arg::new("max-size")
                .long("max-size")
                .value_name("MB")
                .value_parser(value_parser!(u64).range(1..))
                .help(pick(
                    lang,
                    "每个包最大多少 MB（百万字节，如 DVD 为 4700），超过就按卷分成几个包",
                    "The most a package may hold, in millions of bytes (a DVD: 4700); above it, cut between volumes",
                )),
        )
        .arg(accept_faults(lang))
}

/// What is built, and how.
pub(crate) struct Order<'a> {
    /// The year.
    pub(crate) year: i32,
    /// The folder the package is put in.
    pub(crate) out: &'a Path,
    /// Folder or zip.
    pub(crate) target: Target,
    /// Who will receive it.
    pub(crate) archives: &'a str,
    /// SM3 digests too.
    pub(crate) sm3: bool,
    /// The most bytes a package holds.
    pub(crate) max_bytes: Option<u64>,
    /// Why volumes with errors go along, if they do.
    pub(crate) accept: Option<&'a str>,
}

/// What came of it.
pub(crate) struct Packed {
    /// The packages.
    pub(crate) packages: Vec<Built>,
    /// 移交登记表 with their digests, to be signed by both sides.
    pub(crate) register: Option<PathBuf>,
    /// Whether they bear the office's signature: they do where it has a key.
    pub(crate) signed: bool,
    /// Volumes of the year that stay behind, and why; and records that go without an opinion.
    pub(crate) findings: Vec<Finding>,
    /// Volumes of the year that were handed over before.
    pub(crate) gone_before: usize,
}

#[derive(Serialize)]
struct Report<'a> {
    packages: &'a [Built],
    register: Option<&'a Path>,
    signed: bool,
    handed_over_before: usize,
    findings: Vec<Told<'a>>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let (Some(year), Some(out)) = (matches.get_one::<i32>("year"), matches.get_one::<PathBuf>("out")) else {
        return Ok(Exit::Usage);
    };
    let order = Order {
        year: *year,
        out,
        target: if matches.get_flag("zip") { Target::Zip } else { Target::Folder },
        archives: matches.get_one::<String>("archives").map_or("", String::as_str),
        sm3: matches.get_flag("sm3"),
        max_bytes: matches.get_one::<u64>("max-size").map(|megabytes| megabytes.saturating_mul(1_000_000)),
        accept: matches.get_one::<String>("accept-faults").map(String::as_str),
    };
    let done = order.carry_out(context, &Office::new(context.open()?)?)?;
    findings::print(ui, &done.findings, Form::Human);
    if done.gone_before > 0 {
        let (year, gone) = (order.year, done.gone_before);
        ui.tell(&if done.packages.is_empty() && done.findings.is_empty() {
            text!(
                "{year} 年的 {gone} 卷都已移交，没有可移交的案卷",
                "all {gone} volumes of {year} were handed over before: nothing is left to go"
            )
        } else {
            text!(
                "{year} 年已有 {gone} 卷移交过，不再列入",
                "{gone} volumes of {year} were handed over before and stay out"
            )
        });
    }
    if let Some(register) = &done.register {
        let register = register.display();
        ui.tell(&text!(
            "移交登记表（含摘要，一式两份，待双方签字）：{register}",
            "the hand-over form with the digests, in two copies for both to sign: {register}"
        ));
    }
    for package in &done.packages {
        if done.signed {
            ui.tell(&sign::told(&package.path));
        }
        ui.tell(&told(package));
    }
    ui.json(&Report {
        packages: &done.packages,
        register: done.register.as_deref(),
        signed: done.signed,
        handed_over_before: done.gone_before,
        findings: findings::told(&done.findings, ui.lang),
    })?;
    if done.packages.is_empty() { Ok(Exit::Findings) } else { Ok(Exit::by_findings(&done.findings)) }
}

/// A package in a sentence.
pub(crate) fn told(package: &Built) -> Text {
    let Built { volumes, items, files, items_without_files, .. } = package;
    let (path, size, whole) =
        (package.path.display(), megabytes(package.file_bytes), megabytes(package.bytes));
    text!(
        "移交包 {path}：{volumes} 卷 {items} 件，文件 {files} 个（{size}），全包 {whole}；{items_without_files} 件只有纸质",
        "package {path}: {volumes} volumes, {items} items, {files} files ({size}), {whole} in all; \
         {items_without_files} items on paper only"
    )
}

impl Order<'_> {
    /// Builds the package or packages of the year.
    pub(crate) fn carry_out(&self, context: &Context, office: &Office) -> Result<Packed, CommandError> {
        office.arranged(Some(self.year))?;
        let judged = Judged::of(context, office)?;
        let whole = judged.years.get(&self.year).cloned().unwrap_or_default();
        let held: BTreeSet<String> = match self.accept {
            Some(_) => BTreeSet::new(),
            None => judged
                .held(&whole)
                .keys()
                .filter_map(|place| whole.volumes.get(*place))
                .map(|volume| called(volume).to_owned())
                .collect(),
        };
        let mut going = numbered(&whole);
        let gone = self.handed_over(office)?;
        let lent = on_loan(office)?;
        let stays = |code: &str| held.contains(code) || gone.contains(code) || lent.contains_key(code);
        going.volumes.retain(|volume| !stays(called(volume)));
        let gone_before = whole.volumes.iter().filter(|volume| gone.contains(called(volume))).count();
        let mut findings = Self::left_behind(&whole, &going, &gone, &lent, &judged);
        if going.volumes.is_empty() {
            return Ok(Packed { packages: Vec::new(), register: None, signed: false, findings, gone_before });
        }
        let known = papers::known(office, self.year, &going, self.archives)?;
        let listed = going.clone();
        let package = self.package(context, office, &judged, going)?;
        findings.extend(without_opinion(&package));
        let parts = match self.max_bytes {
            Some(max) => {
                package.split(max).map_err(|error| CommandError::io(office.repository.root(), &error))?
            }
            None => vec![package],
        };
        // A key that can't be used is found before the work, not after it.
        let own = Keys::at(office.repository.root()).own()?;
        let mut staged = Vec::new();
        for part in parts {
            staged.push(self.stage(context, &part)?);
        }
        // The papers first: what is stopped on the way has left no package, and can be done again.
        let book = self.book(context, office, &listed, &judged.items, &[]);
        let register = papers::register(&book, &known, &staged)?;
        if let Some(own) = &own {
            for package in &staged {
                sign::package_signed(context, package.path(), &package.built().path, own)?;
            }
        }
        if let Some(reason) = self.accept {
            let faulty: Vec<String> = judged
                .held(&whole)
                .keys()
                .filter_map(|place| whole.volumes.get(*place))
                .map(|volume| called(volume).to_owned())
                .collect();
            if !faulty.is_empty() {
                let change = office.repository.begin(&context.operator, "transfer build", context.now)?;
                change.let_through("transfer", reason, &faulty)?;
                change.commit()?;
            }
        }
        let mut packages = Vec::new();
        for package in staged {
            let path = package.built().path.clone();
            packages.push(package.place().map_err(|error| CommandError::io(&path, &error))?);
        }
        Ok(Packed { packages, register, signed: own.is_some(), findings, gone_before })
    }

    fn stage(&self, context: &Context, package: &Package<'_>) -> Result<Staged, CommandError> {
        let name = match self.target {
            Target::Folder => package.id(),
            Target::Zip => format!("{}.zip", package.id()),
        };
        let bar = context.ui.progress(&Text::fixed("做移交包", "building the package"), 0);
        let path = self.out.join(name);
        let staged = stage(package, self.target, &path, &|progress| {
            bar.set_length(progress.bytes_total);
            bar.set_position(progress.bytes);
        });
        let staged = staged.map_err(|error| match error {
            BuildError::Write(error) => CommandError::io(&path, &error),
            other => other.into(),
        })?;
        bar.finish_and_clear();
        Ok(staged)
    }

    fn book<'b>(
        &self,
        context: &Context,
        office: &'b Office,
        arrangement: &'b Arrangement,
        items: &'b [Item],
        findings: &'b [Finding],
    ) -> Book<'b> {
        Book::new(office.institution(), &office.profile, self.year, arrangement, items, context.today())
            .with_findings(findings)
    }

    fn package<'o>(
        &self,
        context: &Context,
        office: &'o Office,
        judged: &Judged,
        going: Arrangement,
    ) -> Result<Package<'o>, CommandError> {
        let inside: HashSet<ItemId> =
            going.volumes.iter().flat_map(|volume| &volume.entries).map(|entry| entry.item).collect();
        let mut arrangement = going;
        arrangement.ties.retain(|tie| inside.contains(&tie.from) && inside.contains(&tie.to));
        arrangement.left_out.clear();
        arrangement.findings.clear();
        let items: Vec<Item> =
            judged.items.iter().filter(|item| inside.contains(&item.id)).cloned().collect();
        let findings = speaking_of(&judged.of_year(self.year), &arrangement, &items);
        let exceptions = match self.accept {
            None => Vec::new(),
            Some(reason) => findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| Exception {
                    rule: finding.rule,
                    place: finding.place.clone(),
                    reason: reason.to_owned(),
                    approved_by: context.operator.clone(),
                    approved_on: context.today(),
                })
                .collect(),
        };
        let known = papers::known(office, self.year, &arrangement, self.archives)?;
        let book = self.book(context, office, &arrangement, &items, &findings).with_handover(known);
        Ok(Package {
            institution: office.institution().clone(),
            archives: self.archives.to_owned(),
            category: "WS".to_owned(),
            documents: documents(&book)?,
            files: files(office),
            // What is out stayed behind.
            lent: BTreeSet::new(),
            arrangement,
            items,
            profile: office.profile.clone(),
            opinions: opinions(office, &inside)?,
            findings,
            exceptions,
            made_on: context.today(),
            made_by: context.operator.clone(),
            sm3: self.sm3,
            batch: batch(office, self.year)?,
            part: None,
        })
    }

    /// The codes of the fonds's volumes that were handed over before.
    fn handed_over(&self, office: &Office) -> Result<BTreeSet<String>, CommandError> {
        let taken = office.repository.taken_numbers(&office.institution().fonds)?;
        let gone = taken.into_iter().filter(|number| number.handed_over && number.year == self.year);
        Ok(gone.map(|number| number.code).collect())
    }

    /// The volumes of the year that don't go: without a number, or with errors nobody let through.
    fn left_behind(
        whole: &Arrangement,
        going: &Arrangement,
        gone: &BTreeSet<String>,
        lent: &BTreeMap<String, Loan>,
        judged: &Judged,
    ) -> Vec<Finding> {
        let goes: BTreeSet<&str> = going.volumes.iter().map(called).collect();
        let errors = judged.held(whole);
        let mut findings: Vec<Finding> = Vec::new();
        for (place, volume) in whole.volumes.iter().enumerate() {
            if goes.contains(called(volume)) || gone.contains(called(volume)) {
                continue;
            }
            if let Some(loan) = lent.get(called(volume)) {
                let refusal = refuse_while_out(loan, &Text::fixed("移交", "handed over"));
                let place = Place { volume: Some(called(volume).to_owned()), ..Place::default() };
                findings.push(Finding::new(refusal.rule, place, refusal.message).with_help(refusal.help));
                continue;
            }
            match errors.get(&place) {
                Some(errors) => findings.extend(errors.iter().map(|finding| (*finding).clone())),
                None if volume.number.is_some() => {}
                None => findings.push(
                    Finding::new(
                        RuleId::X1,
                        Place { volume: Some(called(volume).to_owned()), ..Place::default() },
                        Text::fixed(
                            "案卷没有编号，未列入移交包",
                            "the volume has no number and stays behind",
                        ),
                    )
                    .with_help(Text::fixed(
                        "运行 archive number 后再移交",
                        "run archive number, then hand it over",
                    )),
                ),
            }
        }
        archive_core::finding::sort(&mut findings);
        findings.dedup();
        findings
    }
}

/// Which handing over of the year this is: one more than the receipts tell of, parts of one counted once.
pub(super) fn batch(office: &Office, year: i32) -> Result<u32, CommandError> {
    let fonds = &office.institution().fonds;
    let sent = office.repository.sent_packages()?;
    let whole = |package: &str| package.rsplit_once("-p").map_or(package, |(id, _)| id).to_owned();
    let groups: BTreeSet<String> = sent
        .iter()
        .filter(|sent| sent.fonds == *fonds && sent.year == year)
        .map(|sent| whole(&sent.package))
        .collect();
    Ok(u32::try_from(groups.len()).unwrap_or(u32::MAX).saturating_add(1))
}

/// The findings that speak of these volumes and items: they travel with the package.
fn speaking_of(findings: &[Finding], arrangement: &Arrangement, items: &[Item]) -> Vec<Finding> {
    let rows: HashSet<&str> = items.iter().map(|item| item.row.as_str()).collect();
    let volumes: HashSet<&str> = arrangement.volumes.iter().map(called).collect();
    findings
        .iter()
        .filter(|finding| match (&finding.place.item, &finding.place.volume) {
            (Some(item), _) => rows.contains(item.as_str()),
            (None, Some(volume)) => volumes.contains(volume.as_str()),
            (None, None) => false,
        })
        .cloned()
        .collect()
}

/// The catalogues and papers that go along for people, printed with the shipped font: the same on every
/// machine.
fn documents(book: &Book<'_>) -> Result<Vec<Document>, CommandError> {
    let fonts = Fonts::shipped()?;
    let mut documents = Vec::new();
    for format in [Format::Pdf, Format::Xlsx] {
        let what = [Printable::Volumes, Printable::Contents, Printable::Note, Printable::HandOver];
        for file in print(&what, format, book, &fonts, &Options::default())?.files {
            documents.push(Document { name: file.file_name, bytes: file.bytes });
        }
    }
    Ok(documents)
}

/// The items' files, as the store keeps them, with the digests taken when they came in.
fn files(office: &Office) -> Files<'_> {
    Files::new(|item| {
        let kept = office.repository.files(item).map_err(|error| Files::missing(error.message()))?;
        let files = kept.into_iter().map(|file| {
            let path = file.path;
            PackageFile {
                original_name: file.name,
                bytes: file.bytes,
                known: BTreeMap::from([(Algorithm::Sha256, file.sha256)]),
                format: file.facts.format,
                open: Rc::new(move || Ok(Box::new(File::open(&path)?) as Box<dyn io::Read>)),
            }
        });
        Ok(files.collect())
    })
}

/// The volumes of the institution that are out on loan, by code (U8).
fn on_loan(office: &Office) -> Result<BTreeMap<String, Loan>, CommandError> {
    Ok(office.repository.loans_out()?.into_iter().map(|loan| (loan.volume.clone(), loan)).collect())
}

/// Records that go over without an opinion on their opening, counted: the law asks for one, and the archives will.
fn without_opinion(package: &Package<'_>) -> Option<Finding> {
    let unreviewed = |item: &&Item| package.opinion(item).state == OpeningState::Unreviewed;
    let count = package.items.iter().filter(unreviewed).count();
    (count > 0).then(|| {
        Finding::new(
            RuleId::U1,
            Place::default(),
            text!(
                "{count} 件没有开放审核意见，按“未审核”移交（《档案法》第三十条：移交时附具意见）",
                "{count} items have no opinion on their opening and go over as not reviewed (档案法, article 30)"
            ),
        )
        .at(Severity::Warning)
        .with_help(Text::fixed(
            "用 archive opening review 写出意见后再移交；或由档案馆会同本单位审核",
            "write opinions with archive opening review first, or leave the review to the archives and the office together",
        ))
    })
}

/// What the reviews said of the opening of these records: it goes along with them (《档案法》 2020, art. 30).
fn opinions(
    office: &Office,
    inside: &HashSet<ItemId>,
) -> Result<BTreeMap<ItemId, OpeningOpinion>, CommandError> {
    // An opinion that waits for a decision goes along as well; a decision says the last word.
    let waiting =
        office.repository.opening_opinions()?.into_iter().map(|(item, opinion)| (item, opinion.said));
    let decided =
        office.repository.opening_decisions()?.into_iter().map(|(item, decision)| (item, decision.said));
    Ok(waiting
        .chain(decided)
        .filter(|(item, _)| inside.contains(item))
        .map(|(item, said)| {
            let reason = Some(said.reason).filter(|reason| !reason.is_empty());
            (item, OpeningOpinion { state: said.verdict.state(), reason })
        })
        .collect())
}
