//! The chapter of rules of the book, written from the rules themselves, in Markdown.

use std::fmt::Write as _;

use super::{CHAPTERS, Judged, Rule};
use crate::text::Lang;

/// Every rule, chapter by chapter: what it says, its source, an example, what to do, and who judges by it.
pub fn book(lang: Lang) -> String {
    let mut book = match lang {
        Lang::Zh => "# 规则\n\n本文由 `archive explain --all` 写出，不要手改；规则改了，测试会要求重写。\n",
        Lang::En => {
            "# The rules\n\nWritten by `archive explain --all`, never by hand: when a rule changes, a test asks for it anew.\n"
        }
    }
    .to_owned();
    for chapter in CHAPTERS {
        // Writing to a String can't fail.
        let _ = write!(book, "\n## {} {}\n", chapter.letter, chapter.title.in_lang(lang));
        for rule in chapter.rules {
            entry(&mut book, rule, lang);
        }
    }
    book
}

fn entry(book: &mut String, rule: &Rule, lang: Lang) {
    let labels = match lang {
        Lang::Zh => ["出处：", "例：", "处理：", "判断："],
        Lang::En => ["Source: ", "Example: ", "What to do: ", "Judged: "],
    };
    let [source, example, remedy, judged] = labels;
    let _ = write!(
        book,
        "\n### {} · {}\n\n{}\n\n- {source}{}\n- {example}{}\n- {remedy}{}\n- {judged}{}\n",
        rule.id,
        rule.severity.word().in_lang(lang),
        rule.says.in_lang(lang),
        rule.source,
        rule.example.in_lang(lang),
        rule.remedy.in_lang(lang),
        rule.judged.said().in_lang(lang),
    );
}

impl Judged {
    /// Who judges, in words.
    pub fn said(&self) -> crate::text::Text {
        use crate::text::Text;
        match self {
            Self::Checked => Text::fixed("archive check", "by archive check"),
            Self::ByReaders => {
                Text::fixed("读入登记表、文件和移交包时", "when registers, files and packages are read")
            }
            Self::Nobody(reason) => {
                let Text { zh, en } = reason;
                crate::text!("程序不判断：{zh}", "not by a program. {en}")
            }
            Self::NotYet => Text::fixed("尚未由程序判断", "not by the program yet"),
        }
    }
}
