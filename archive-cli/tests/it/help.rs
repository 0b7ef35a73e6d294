//! Help as a reader meets it: complete, in one language, and true of the README.

use std::collections::BTreeSet;
use std::fs;

use crate::desk::{Desk, root};

/// How the names of receipts end, in every language.
const RECEIPT: &str = ".回执.json";

/// Every command there is, by its words, in the order of the help.
fn commands(desk: &Desk) -> Vec<Vec<String>> {
    let mut found = vec![Vec::new()];
    let mut next = 0;
    while next < found.len() {
        let page = help(desk, &found[next], "zh");
        let listed: Vec<String> = page
            .lines()
            .skip_while(|line| *line != "命令:")
            .skip(1)
            .take_while(|line| !line.is_empty())
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
            .map(|line| line.split_whitespace().next().unwrap().to_owned())
            .collect();
        let parent = found[next].clone();
        found.extend(listed.into_iter().map(|name| parent.iter().cloned().chain([name]).collect()));
        next += 1;
    }
    found
}

fn help(desk: &Desk, command: &[String], lang: &str) -> String {
    let words = command.iter().map(String::as_str).chain(["--help", "--lang", lang]);
    let ran = desk.run(words).expect_status(0);
    assert_eq!(ran.stderr, "");
    ran.stdout
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Whether a line holds an English sentence: three words of small letters one after the other. Names
/// of commands, options, formats and shells are none.
fn speaks_english(line: &str) -> bool {
    let word = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    line.split(' ').collect::<Vec<_>>().windows(3).any(|three| three.iter().all(|one| word(one)))
}

#[test]
fn the_commands_of_the_contract_are_there() {
    let desk = Desk::new();
    let all: BTreeSet<String> = commands(&desk).into_iter().map(|words| words.join(" ")).collect();
    for command in [
        "demo",
        "init",
        "import",
        "arrange",
        "number",
        "check",
        "explain",
        "catalogue",
        "identify",
        "text",
        "engines",
        "index",
        "search",
        "transfer build",
        "transfer verify",
        "transfer receive",
        "transfer receipt",
        "audit log",
        "audit verify",
        "fixity",
        "completions",
        "man",
    ] {
        assert!(all.contains(command), "{command} is not in {all:?}");
    }
}

#[test]
fn chinese_help_is_chinese() {
    let desk = Desk::new();
    for command in commands(&desk) {
        let page = help(&desk, &command, "zh");
        let about = page.lines().next().unwrap();
        assert!(about.chars().any(is_chinese), "{command:?}: {about}");
        for line in page.lines().filter(|line| !line.starts_with("用法：")) {
            assert!(!speaks_english(line), "{command:?}: {line}");
        }
        for english in ["[default", "[possible", "[OPTIONS]", "[aliases", "Usage", "Print ", "Arguments"] {
            assert!(!page.contains(english), "“{english}” in the help of {command:?}:\n{page}");
        }
    }
}

#[test]
fn english_help_is_english() {
    let desk = Desk::new();
    for command in commands(&desk) {
        let page = help(&desk, &command, "en");
        // What to search for is Chinese, and so is the name of a receipt.
        let is_query = |line: &&str| line.trim_start().starts_with("[QUERY]");
        for line in page.lines().filter(|line| !is_query(line)).map(|line| line.replace(RECEIPT, "")) {
            assert!(
                !line.chars().any(|c| is_chinese(c) || "，。、：；（）".contains(c)),
                "{command:?}: {line}"
            );
        }
    }
}

/// The usage line names what can't be left out.
#[test]
fn usage_names_what_is_required() {
    let desk = Desk::new();
    for (command, zh, en) in [
        (&["transfer", "build"][..], "--year <年度> --out <文件夹>", "--year <YEAR> --out <DIR>"),
        (&["search"], "[检索词]...", "[QUERY]..."),
        (&["explain"], "[规则]", "[RULE]"),
        (&[], "archive [选项] <命令>", "archive [OPTIONS] <COMMAND>"),
    ] {
        let command: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
        for (lang, expected) in [("zh", zh), ("en", en)] {
            let page = help(&desk, &command, lang);
            let usage = page.lines().find(|line| line.starts_with(['用', 'U'])).unwrap();
            assert!(usage.contains(expected), "{usage}");
        }
    }
}

/// Every option of every command says what it does.
#[test]
fn every_option_is_explained() {
    let desk = Desk::new();
    for command in commands(&desk) {
        for lang in ["zh", "en"] {
            let page = help(&desk, &command, lang);
            let mut lines = page.lines().peekable();
            while let Some(line) = lines.next() {
                if line.trim_start().starts_with('-') {
                    let told = line.trim().split_once("  ").is_some_and(|(_, text)| !text.trim().is_empty());
                    let below = lines.peek().is_some_and(|next| next.starts_with("          "));
                    assert!(told || below, "{command:?}: {line}");
                }
            }
        }
    }
}

#[test]
fn completions_come_out_for_every_shell() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = desk.run(["completions", shell]).expect_status(0).stdout;
        for command in commands(&desk).iter().filter_map(|words| words.last()) {
            assert!(script.contains(command.as_str()), "{shell} knows nothing of {command}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let desk = Desk::new();
    for lang in ["zh", "en"] {
        desk.run(["man", lang, "--lang", lang]).expect_status(0);
        for command in commands(&desk) {
            let name = ["archive"].into_iter().chain(command.iter().map(String::as_str)).collect::<Vec<_>>();
            let path = desk.path(lang).join(format!("{}.1", name.join("-")));
            let page =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(page.contains(".TH"), "{page}");
            let chinese = page.replace(RECEIPT, "").chars().any(is_chinese);
            assert_eq!(chinese, lang == "zh" || command == ["search"], "{}", path.display());
        }
    }
}

/// What the READMEs tell people to type can be typed.
#[test]
fn the_readmes_speak_of_commands_and_options_that_exist() {
    let desk = Desk::new();
    let all = commands(&desk);
    let mut seen = 0;
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root().join(readme)).unwrap();
        let quoted = text.split('`').skip(1).step_by(2).filter(|code| !code.contains('\n'));
        let indented = text.lines().filter(|line| line.starts_with("    ")).map(str::trim);
        for line in quoted.chain(indented) {
            let words: Vec<&str> = line.split('#').next().unwrap().split_whitespace().collect();
            let typed = match words.iter().position(|word| *word == "--") {
                Some(dashes) if words.starts_with(&["cargo", "run"]) => &words[dashes + 1..],
                _ if words.first() == Some(&"archive") => &words[1..],
                _ => continue,
            };
            let Some(first) = typed.first().filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
            else {
                continue;
            };
            let longest = all
                .iter()
                .filter(|words| {
                    !words.is_empty()
                        && typed.starts_with(&words.iter().map(String::as_str).collect::<Vec<_>>())
                })
                .max_by_key(|words| words.len())
                .unwrap_or_else(|| panic!("{readme}: there is no command {first}: {line}"));
            let page = help(&desk, longest, "en");
            for option in typed.iter().filter(|word| word.starts_with('-')) {
                assert!(page.contains(option), "{readme}: {longest:?} has no {option}: {line}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 12, "the READMEs show how it is used");
}
