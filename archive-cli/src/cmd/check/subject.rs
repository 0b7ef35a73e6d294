//! What there is to check, told by what lies there: a repository, a register before it is imported, a plan before it is
//! applied, a package from elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use archive_catalogue::plan::{self, Proposal};
use archive_catalogue::register;
use archive_core::arrange::by_year;
use archive_core::finding::{self, Finding, Severity};
use archive_core::model::{Institution, Volume};
use archive_core::profile::{BUILT_IN, Profile};
use archive_core::rules::{Holdings, RuleId, Stage};
use archive_core::text;
use archive_core::text::Text;
use archive_store::Repository;
use archive_transfer::{OpenError, PackageReader};

use crate::apart;
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::judged::{self, Judged};
use crate::office::{self, Office};

/// What was found.
pub(super) struct Found {
    /// Whose records they are, if that is known.
    pub(super) institution: String,
    /// All findings, sorted.
    pub(super) findings: Vec<Finding>,
}

/// Checks what lies at a path, or the repository at hand. `profile` judges what lies in no repository.
pub(super) fn check(
    context: &Context,
    path: Option<&Path>,
    year: Option<i32>,
    profile: Option<&str>,
) -> Result<Found, CommandError> {
    let profile = profile.map(|name| office::profile(name, Path::new("."))).transpose()?;
    let Some(path) = path else { return repository(context, Office::new(context.open()?)?, year, profile) };
    if path.join("archive.toml").is_file() {
        return repository(context, Office::new(Repository::open(path)?)?, year, profile);
    }
    let is_zip = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    if path.is_dir() && !MARKS.iter().any(|mark| path.join(mark).exists()) {
        let path = path.display();
        return Err(CommandError::new(
            Kind::Input,
            text!("{path} 不是档案库，也不是移交包", "{path} is neither a repository nor a package"),
            Text::fixed(
                "请指明档案库、登记表、组卷方案或移交包",
                "name a repository, a register, a plan or a package",
            ),
        ));
    }
    if path.is_dir() || is_zip {
        return package(context, path, profile);
    }
    let bytes = fs::read(path).map_err(|error| CommandError::io(path, &error))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    apart::survives(&bytes)?;
    if plan::is_plan(&bytes) {
        plan_of(context, &name, &bytes)
    } else {
        register_of(context, &name, &bytes, profile)
    }
}

/// What lies at the top of a package of any kind we judge.
const MARKS: [&str; 5] = ["bagit.txt", "METS.xml", "说明文件.TXT", "目录文件.XML", "文件目录.XML"];

/// A repository, or one of its years.
fn repository(
    context: &Context,
    mut office: Office,
    year: Option<i32>,
    profile: Option<Profile>,
) -> Result<Found, CommandError> {
    if let Some(profile) = profile {
        office.profile = profile;
    }
    let judged = Judged::of(context, &office)?;
    let findings = match year {
        Some(year) => judged.of_year(year),
        None => judged.findings,
    };
    Ok(Found { institution: office.institution().name.clone(), findings })
}

/// A register before it is imported: what its reader saw, and what the rules say.
fn register_of(
    context: &Context,
    name: &str,
    bytes: &[u8],
    profile: Option<Profile>,
) -> Result<Found, CommandError> {
    let reading = register::read(name, bytes)?;
    let (institution, own) = at_hand(context)?;
    let profile = profile.map_or_else(|| own.map_or_else(|| Profile::built_in(BUILT_IN[0]), Ok), Ok)?;
    let holdings = Holdings::new(&institution, Stage::Register, &reading.items);
    let mut findings = archive_core::rules::check(&holdings, &profile, context.today());
    for finding in &mut findings {
        reading.cells.locate(finding);
    }
    findings.extend(reading.findings);
    profile.weigh(&mut findings);
    finding::sort(&mut findings);
    findings.dedup();
    if findings.is_empty() {
        let count = reading.items.len();
        context.ui.note(&text!("登记表共 {count} 行", "the register has {count} rows"));
    }
    Ok(Found { institution: institution.name, findings })
}

/// The institution and profile of the repository at hand, if there is one.
fn at_hand(context: &Context) -> Result<(Institution, Option<Profile>), CommandError> {
    match context.open() {
        Ok(repository) => {
            let office = Office::new(repository)?;
            Ok((office.institution().clone(), Some(office.profile)))
        }
        Err(error) if context.repository.is_some() => Err(error),
        Err(_) => Ok((Institution { name: String::new(), fonds: String::new() }, None)),
    }
}

/// A reviewed plan before it is applied: its mistakes, or what the rules say of the volumes it makes.
fn plan_of(context: &Context, name: &str, bytes: &[u8]) -> Result<Found, CommandError> {
    let office = Office::new(context.open()?)?;
    let (items, decisions) = (office.items()?, office.decisions()?);
    let before = by_year::together(office.arranged(None)?.into_values());
    let proposal = Proposal {
        items: &items,
        institution: office.institution(),
        profile: &office.profile,
        decisions: &decisions,
        arrangement: &before,
    };
    let reading = plan::read(name, bytes, proposal)?;
    let mut findings = reading.findings;
    office.profile.weigh(&mut findings);
    if let Some((_, arrangement)) = reading.result {
        findings.extend(judged::judge(context, &office, &items, &arrangement)?);
    }
    finding::sort(&mut findings);
    Ok(Found { institution: office.institution().name.clone(), findings })
}

/// A package: whether it is whole and well formed, and what the rules say of the records in it.
fn package(context: &Context, path: &Path, profile: Option<Profile>) -> Result<Found, CommandError> {
    let verification = archive_transfer::verify(path, &archive_transfer::progress::silent)?;
    let mut found = Found { institution: String::new(), findings: verification.findings };
    match archive_transfer::open(path) {
        Ok(reader) => {
            found.institution.clone_from(&reader.record().institution.name);
            found.findings.extend(records_of(context, &reader, profile)?);
        }
        // It was verified; that its records can't be judged is among the findings, or it has none of ours.
        Err(
            OpenError::NoRecords | OpenError::Refused(_) | OpenError::Damaged { .. } | OpenError::Newer(_),
        ) => {}
        Err(OpenError::Tree(error)) => return Err(error.into()),
    }
    finding::sort(&mut found.findings);
    found.findings.dedup();
    Ok(found)
}

/// What the rules say of the records in a package. A fault that was let through on record (X2) is advice.
fn records_of(
    context: &Context,
    reader: &PackageReader,
    profile: Option<Profile>,
) -> Result<Vec<Finding>, CommandError> {
    let (Ok(items), Ok(arrangement)) = (reader.items(), reader.arrangement()) else {
        return Ok(Vec::new());
    };
    let profile = match profile {
        Some(profile) => profile,
        None => fitting(&arrangement.volumes)?,
    };
    let record = reader.record();
    let holdings = Holdings {
        arrangement: Some(&arrangement),
        ..Holdings::new(&record.institution, Stage::Handover, &items)
    };
    let mut findings = archive_core::rules::check(&holdings, &profile, context.today());
    for finding in &mut findings {
        if let Some(exception) = record.exceptions.iter().find(|exception| exception.covers(finding)) {
            let (by, reason) = (&exception.approved_by, &exception.reason);
            finding.severity = Severity::Info;
            finding.help = text!("已作例外放行（{by}）：{reason}", "let through by {by}: {reason}");
        }
    }
    // A volume whose every fault was let through doesn't fall short any more.
    let errors = findings.iter().filter(|one| one.severity == Severity::Error && one.rule != RuleId::X2);
    let faulty: BTreeSet<String> = errors.filter_map(|one| one.place.volume.clone()).collect();
    let stands = |one: &Finding| one.place.volume.as_ref().is_some_and(|volume| faulty.contains(volume));
    findings.retain(|one| one.rule != RuleId::X2 || stands(one));
    Ok(findings)
}

/// The first of the built-in profiles whose periods are those of the volumes: a package doesn't say by which it was made.
fn fitting(volumes: &[Volume]) -> Result<Profile, CommandError> {
    for name in BUILT_IN {
        let profile = Profile::built_in(name)?;
        let periods = profile.retention.scheme.periods();
        let coded = |volume: &Volume| {
            let by_item = profile.volumes.method == archive_core::profile::Method::Item;
            volume.number.as_ref().is_none_or(|number| number.code.contains('·') == by_item)
        };
        if volumes.iter().all(|volume| periods.contains(&volume.period) && coded(volume)) {
            return Ok(profile);
        }
    }
    Ok(Profile::built_in(BUILT_IN[0])?)
}
