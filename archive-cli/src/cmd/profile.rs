//! `archive profile`: the rules of an institution as data: which there are, what one says, whether it contradicts itself,
//! and what differs between two.
//!
//! A profile is a built-in one by its name or a file (`.toml`), which mostly is a few lines on top of a built-in one.

use std::fs;
use std::path::{Path, PathBuf};

use archive_core::finding::{Excerpt, Severity};
use archive_core::profile::{BUILT_IN, Contradiction, Difference, Profile, ProfileError};
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office;
use crate::render::findings::{marked, width};
use crate::render::table;
use crate::ui::{Ui, style_of};

pub(crate) fn command(lang: Lang) -> Command {
    let name = |id: &'static str, zh: &'static str, en: &'static str| {
        Arg::new(id).value_name(pick(lang, "规则集", "PROFILE")).help(pick(lang, zh, en))
    };
    base(
        "profile",
        lang,
        &Text::fixed("规则集：各机关不同的规定", "Profiles: what differs between institutions"),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand(base("list", lang, &Text::fixed("列出现成的规则集", "List the built-in profiles")))
    .subcommand(
        base("show", lang, &Text::fixed("写出一个规则集的全文", "Write out a profile as a whole")).arg(name(
            "profile",
            "现成的名称，或 .toml 文件（默认：档案库所用的）",
            "A built-in one, or a .toml file (default: the repository's)",
        )),
    )
    .subcommand(
        base(
            "check",
            lang,
            &Text::fixed("检查一个规则文件有没有矛盾", "Check whether a profile contradicts itself"),
        )
        .arg(
            Arg::new("file")
                .required(true)
                .value_name(pick(lang, "文件.toml", "FILE.toml"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(lang, "规则文件", "The profile")),
        ),
    )
    .subcommand(
        base("diff", lang, &Text::fixed("比较两个规则集", "Compare two profiles"))
            .arg(name("first", "第一个", "The first").required(true))
            .arg(name("second", "第二个", "The second").required(true)),
    )
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("list", _)) => list(&context.ui),
        Some(("show", sub)) => show(context, sub.get_one::<String>("profile").map(String::as_str)),
        Some(("check", sub)) => match sub.get_one::<PathBuf>("file") {
            Some(file) => check(&context.ui, file),
            None => Ok(Exit::Usage),
        },
        Some(("diff", sub)) => {
            let named = |id: &str| sub.get_one::<String>(id).map(String::as_str).unwrap_or_default();
            diff(&context.ui, named("first"), named("second"))
        }
        _ => Ok(Exit::Usage),
    }
}

fn list(ui: &Ui) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct One {
        name: String,
        title: String,
        source: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        based_on: Option<String>,
    }
    #[derive(Serialize)]
    struct List {
        profiles: Vec<One>,
    }
    let mut profiles = Vec::new();
    for name in BUILT_IN {
        let Profile { name, title, source, based_on, .. } = Profile::built_in(name)?;
        profiles.push(One { name, title, source, based_on });
    }
    let rows: Vec<Vec<String>> =
        profiles.iter().map(|one| vec![one.name.clone(), one.title.clone()]).collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    ui.json(&List { profiles })?;
    Ok(Exit::Done)
}

fn show(context: &Context, name: Option<&str>) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Shown<'a> {
        profile: &'a Profile,
    }
    let profile = match name {
        Some(name) => office::profile(name, Path::new("."))?,
        None => office::Office::new(context.open()?)?.profile,
    };
    context.ui.line(profile.to_toml()?.trim_end());
    context.ui.json(&Shown { profile: &profile })?;
    Ok(Exit::Done)
}

/// A difference in JSON.
#[derive(Serialize)]
struct DifferenceTold<'a> {
    key: &'a str,
    here: Option<&'a str>,
    there: Option<&'a str>,
}

fn differences_told(differences: &[Difference]) -> Vec<DifferenceTold<'_>> {
    differences
        .iter()
        .map(|one| DifferenceTold { key: &one.key, here: one.here.as_deref(), there: one.there.as_deref() })
        .collect()
}

fn check(ui: &Ui, file: &Path) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Fault<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<usize>,
        #[serde(skip_serializing_if = "Option::is_none")]
        column: Option<usize>,
        key: &'a str,
        message: &'a str,
    }
    #[derive(Serialize)]
    struct Report<'a> {
        valid: bool,
        faults: Vec<Fault<'a>>,
        differences: Vec<DifferenceTold<'a>>,
    }
    let bytes = fs::read(file).map_err(|error| CommandError::io(file, &error))?;
    let shown = file.display().to_string();
    let Ok(text) = String::from_utf8(bytes) else {
        let message = text!("{shown} 不是 UTF-8 文字", "{shown} is no UTF-8 text");
        let help = Text::fixed("请另存为 UTF-8", "save it as UTF-8");
        return Err(CommandError::new(crate::error::Kind::Input, message, help));
    };
    let (faults, profile) = match Profile::load(text.trim_start_matches('\u{feff}')) {
        Ok(profile) => (Vec::new(), Some(profile)),
        Err(ProfileError::Contradictory(faults)) => (faults, None),
        Err(ProfileError::Unreadable(fault)) => (vec![fault], None),
        Err(error @ ProfileError::Unknown(_)) => return Err(error.into()),
    };
    for fault in &faults {
        tell(ui, &shown, &text, fault);
    }
    let mut differences = Vec::new();
    if let Some(profile) = &profile {
        if let Some(base) = &profile.based_on {
            differences = Profile::built_in(base)?.differences(profile)?;
        }
        // Its name and title are its own in any case.
        differences.retain(|one| !["name", "title", "source", "based-on"].contains(&one.key.as_str()));
        let (name, count) = (&profile.name, differences.len());
        let based_on = profile.based_on.as_deref().unwrap_or("-");
        ui.tell(&text!(
            "规则集 {name} 没有矛盾；与 {based_on} 有 {count} 处不同",
            "the profile {name} doesn't contradict itself; it differs from {based_on} in {count} values"
        ));
        print_differences(ui, &differences);
    } else {
        let count = faults.len();
        ui.tell(&text!(
            "规则集有 {count} 处错误，不能使用",
            "the profile has {count} faults and can't be used"
        ));
    }
    ui.json(&Report {
        valid: profile.is_some(),
        faults: faults
            .iter()
            .map(|fault| Fault {
                line: fault.spot.map(|spot| spot.line),
                column: fault.spot.map(|spot| spot.column),
                key: &fault.key,
                message: ui.say(&fault.message),
            })
            .collect(),
        differences: differences_told(&differences),
    })?;
    Ok(if profile.is_some() { Exit::Done } else { Exit::Findings })
}

/// A fault with its place, and its line with a mark.
fn tell(ui: &Ui, file: &str, text: &str, fault: &Contradiction) {
    let style = style_of(Severity::Error);
    let word = Severity::Error.word();
    let place = fault.spot.map_or_else(|| file.to_owned(), |spot| format!("{file}:{spot}"));
    ui.line(format!("{style}{}{style:#} {place}  {}", ui.say(&word), fault.key));
    ui.line(format!("  {}", ui.say(&fault.message)));
    if let Some(spot) = fault.spot
        && let Some(line) = text.lines().nth(spot.line - 1)
    {
        let start = spot.column - 1;
        let excerpt = Excerpt { text: line.to_owned(), start, end: start + spot.length };
        let (shown, mark) = marked(&excerpt, ui.lang, width());
        ui.line(format!("    {shown}"));
        ui.line(format!("    {style}{mark}{style:#}"));
    }
    ui.line("");
}

fn print_differences(ui: &Ui, differences: &[Difference]) {
    let rows: Vec<Vec<String>> = differences
        .iter()
        .map(|one| {
            let value = |value: &Option<String>| {
                value.as_deref().map_or_else(|| "-".to_owned(), |value| table::shorten(value, 40))
            };
            vec![one.key.clone(), value(&one.here), "→".to_owned(), value(&one.there)]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(format!("  {line}"));
    }
}

fn diff(ui: &Ui, first: &str, second: &str) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Report<'a> {
        differences: Vec<DifferenceTold<'a>>,
    }
    let (here, there) = (office::profile(first, Path::new("."))?, office::profile(second, Path::new("."))?);
    let differences = here.differences(&there)?;
    let count = differences.len();
    ui.tell(&text!("{first} → {second}：{count} 处不同", "{first} → {second}: {count} values differ"));
    print_differences(ui, &differences);
    ui.json(&Report { differences: differences_told(&differences) })?;
    Ok(Exit::Done)
}
