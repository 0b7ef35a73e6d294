//! What is typed: the options all commands share, help in the reader's language, and what is said when
//! the command line is wrong.
//!
//! clap knows English only. Its headings are set here from our own words, and its errors are told
//! again from their kind and context, so that an archivist never meets an English sentence.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::NaiveDate;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::cmd;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::ui::{Output, Ui};

/// The reader's language: `--lang`, else `ARCHIVE_LANG`, else the system's, else Chinese.
pub(crate) fn language(typed: &[OsString]) -> Lang {
    let mut words = typed.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        let value = if word == "--lang" { words.next() } else { word.strip_prefix("--lang=") };
        if let Some(lang) = value.and_then(|value| value.parse().ok()) {
            return lang;
        }
    }
    env::var("ARCHIVE_LANG")
        .ok()
        .and_then(|name| name.parse().ok())
        .or_else(|| sys_locale::get_locale().and_then(|name| name.parse().ok()))
        .unwrap_or_default()
}

/// Parses what was typed; on help, version or wrong usage says so and gives the exit.
pub(crate) fn parse(typed: Vec<OsString>, lang: Lang) -> Result<ArgMatches, Exit> {
    let wants_json = typed.iter().any(|word| word == "--json");
    command(lang).try_get_matches_from(typed).map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Nobody is left to tell if standard output is gone.
            let _ = error.print();
            Exit::Done
        }
        _ => {
            let output = if wants_json { Output::Json } else { Output::Human };
            let said = usage_error(&error);
            Ui::new(lang, output).error(&said);
            said.exit()
        }
    })
}

/// Options that all commands share stand behind a command's own.
const COMMON: usize = 900;

/// The whole command with all its subcommands.
pub(crate) fn command(lang: Lang) -> Command {
    let pick = |zh, en| pick(lang, zh, en);
    let all = cmd::ALL.iter().map(|entry| in_words((entry.command)(lang), lang, "archive"));
    base(
        "archive",
        lang,
        &Text::fixed(
            "档案整理与移交：立卷、编目、打印、检索、移交",
            "Archives and records management: volumes, catalogues, search, transfer",
        ),
    )
    .version(env!("CARGO_PKG_VERSION"))
    .disable_version_flag(true)
    .arg(
        Arg::new("version")
            .long("version")
            .short('V')
            .action(ArgAction::Version)
            .help(pick("显示版本", "Print the version")),
    )
    .arg(
        Arg::new("repository")
            .short('R')
            .long("repository")
            .value_name(pick("文件夹", "DIR"))
            .value_parser(value_parser!(PathBuf))
            .global(true)
            .display_order(COMMON)
            .help(pick(
                "档案库所在文件夹（默认：当前文件夹或其上级）",
                "The repository (default: the current folder or its parents)",
            )),
    )
    .arg(
        Arg::new("json")
            .long("json")
            .action(ArgAction::SetTrue)
            .global(true)
            .display_order(COMMON)
            .help(pick("以一个 JSON 文档输出", "Print one JSON document")),
    )
    .arg(
        Arg::new("lang")
            .long("lang")
            .value_name(pick("语言", "LANG"))
            .value_parser(["zh", "en"])
            .global(true)
            .display_order(COMMON)
            .help(pick("语言（默认按系统设置，否则中文）", "Language (default: the system's, else Chinese)")),
    )
    .arg(
        Arg::new("operator")
            .long("operator")
            .value_name(pick("姓名", "NAME"))
            .global(true)
            .display_order(COMMON)
            .help(pick(
                "经办人，记入审计链（默认：系统用户）",
                "Who is at work, for the audit chain (default: the system's user)",
            )),
    )
    .arg(
        Arg::new("today")
            .long("today")
            .value_name(pick("日期", "DATE"))
            .value_parser(value_parser!(NaiveDate))
            .global(true)
            .display_order(COMMON)
            .help(pick("以此日为今天，如 2005-04-30", "Take this as today, e.g. 2005-04-30")),
    )
    .override_usage(pick("archive [选项] <命令>", "archive [OPTIONS] <COMMAND>"))
    .mut_args(|arg| arg_in_words(arg, lang))
    .subcommands(all)
    .subcommand_required(true)
    .arg_required_else_help(true)
}

/// A command with headings and a help option in the reader's language.
pub(crate) fn base(name: &'static str, lang: Lang, about: &Text) -> Command {
    let template = match lang {
        Lang::Zh => "{about}\n\n用法：{usage}\n\n{all-args}",
        Lang::En => "{about}\n\nUsage: {usage}\n\n{all-args}",
    };
    Command::new(name)
        .about(about.in_lang(lang).to_owned())
        .help_template(StyledStr::from(template))
        .subcommand_help_heading(pick(lang, "命令", "Commands"))
        .subcommand_value_name(pick(lang, "命令", "COMMAND"))
        .next_help_heading(pick(lang, "选项", "Options"))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(Arg::new("help").long("help").short('h').action(ArgAction::Help).help(pick(
            lang,
            "显示帮助",
            "Print help",
        )))
}

/// Puts what clap would say in English (usage, defaults, the values an option takes) into the reader's
/// language.
fn in_words(command: Command, lang: Lang, above: &str) -> Command {
    let name = format!("{above} {}", command.get_name());
    let mut usage = format!("{name} {}", pick(lang, "[选项]", "[OPTIONS]"));
    let value = |arg: &Arg| {
        arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str()).to_owned()
    };
    for arg in command.get_opts().filter(|arg| arg.is_required_set()) {
        usage.extend([" --", arg.get_long().unwrap_or_default(), " <", &value(arg), ">"]);
    }
    for arg in command.get_positionals() {
        let (open, close) = if arg.is_required_set() { (" <", ">") } else { (" [", "]") };
        let several = arg.get_num_args().is_some_and(|range| range.max_values() > 1);
        usage.extend([open, &value(arg), close, if several { "..." } else { "" }]);
    }
    if command.has_subcommands() {
        usage.push_str(pick(lang, " <命令>", " <COMMAND>"));
    }
    let command = command.override_usage(usage).mut_args(|arg| arg_in_words(arg, lang));
    command.mut_subcommands(|sub| in_words(sub, lang, &name))
}

/// An option or argument with what clap would say of its values put into its help.
fn arg_in_words(arg: Arg, lang: Lang) -> Arg {
    let arg = if arg.is_positional() { arg.help_heading(pick(lang, "参数", "Arguments")) } else { arg };
    let Some(help) = arg.get_help().map(ToString::to_string) else { return arg };
    if !arg.get_action().takes_values() {
        return arg;
    }
    let values: Vec<String> =
        arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let defaults: Vec<String> = if arg.is_hide_default_value_set() {
        Vec::new()
    } else {
        let given = arg.get_default_values().iter();
        given.map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty()).collect()
    };
    let said = said_of_values(&values, &defaults, lang);
    arg.help(format!("{help}{said}")).hide_default_value(true).hide_possible_values(true)
}

/// The values an option takes and the one it has, in brackets behind its help.
fn said_of_values(values: &[String], defaults: &[String], lang: Lang) -> String {
    let mut parts = Vec::new();
    if !values.is_empty() {
        parts.push(match lang {
            Lang::Zh => format!("可选 {}", values.join("、")),
            Lang::En => format!("one of {}", values.join(", ")),
        });
    }
    if !defaults.is_empty() {
        parts.push(match lang {
            Lang::Zh => format!("默认 {}", defaults.join("、")),
            Lang::En => format!("default {}", defaults.join(", ")),
        });
    }
    match (parts.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（{}）", parts.join("；")),
        (false, Lang::En) => format!(" ({})", parts.join("; ")),
    }
}

/// `--year`, which many commands share.
pub(crate) fn year(lang: Lang) -> Arg {
    Arg::new("year")
        .long("year")
        .value_name(pick(lang, "年度", "YEAR"))
        .value_parser(value_parser!(i32).range(1000..=9999))
        .help(pick(lang, "年度（默认：全部年度）", "The year (default: all years)"))
}

/// `--dry-run`, which commands that change much share.
pub(crate) fn dry_run(lang: Lang) -> Arg {
    Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help(pick(
        lang,
        "只显示结果，不作改动",
        "Show what would come of it, and change nothing",
    ))
}

/// `--reason`, which acts that are recorded share.
pub(crate) fn reason(lang: Lang) -> Arg {
    Arg::new("reason").long("reason").value_name(pick(lang, "理由", "REASON")).help(pick(
        lang,
        "理由，记入审计链",
        "The reason, for the audit chain",
    ))
}

/// The reason that was given, without blanks around it; empty if none was.
pub(crate) fn reason_given(matches: &ArgMatches) -> &str {
    matches.get_one::<String>("reason").map_or("", |reason| reason.trim())
}

/// One of two wordings known when the program was written.
pub(crate) const fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// clap's error, told in our words.
fn usage_error(error: &clap::Error) -> CommandError {
    let get = |kind| match error.get(kind) {
        Some(ContextValue::String(value)) => value.clone(),
        Some(ContextValue::Strings(values)) => values.join("、"),
        Some(ContextValue::Number(value)) => value.to_string(),
        _ => String::new(),
    };
    let (argument, value) = (get(ContextKind::InvalidArg), get(ContextKind::InvalidValue));
    let message = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = get(ContextKind::InvalidSubcommand);
            text!("没有命令“{name}”", "there is no command “{name}”")
        }
        ErrorKind::UnknownArgument => text!("没有选项“{argument}”", "there is no option “{argument}”"),
        ErrorKind::InvalidValue if value.is_empty() => {
            text!("选项“{argument}”缺少值", "the option “{argument}” lacks a value")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            text!("选项“{argument}”不能是“{value}”", "the option “{argument}” can't be “{value}”")
        }
        ErrorKind::MissingRequiredArgument => text!("缺少：{argument}", "missing: {argument}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Text::fixed("缺少命令", "a command is missing")
        }
        ErrorKind::ArgumentConflict => {
            let other = get(ContextKind::PriorArg);
            text!("“{argument}”与“{other}”不能同用", "“{argument}” and “{other}” can't be used together")
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            text!("选项“{argument}”的值数目不对", "the option “{argument}” has the wrong number of values")
        }
        ErrorKind::InvalidUtf8 => Text::fixed("参数不是有效的文字", "an argument is no valid text"),
        _ => Text::fixed("命令写法不对", "the command line can't be understood"),
    };
    let meant: Vec<String> = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
        ContextKind::ValidValue,
    ]
    .into_iter()
    .map(get)
    .filter(|suggestion| !suggestion.is_empty())
    .collect();
    let help = if meant.is_empty() {
        Text::fixed("运行 archive --help 查看用法", "archive --help shows the usage")
    } else {
        let meant = meant.join("、");
        text!("是否想用：{meant}", "did you mean: {meant}")
    };
    CommandError::usage(message, help)
}
