//! `transfer verify --report FILE`: the verdict on paper (检测报告), as PDF or as a page for a browser.

use std::path::{Path, PathBuf};

use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::inspection::{self, Inspection};
use archive_catalogue::print::{Format, print_document};
use archive_core::finding::Counts;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_transfer::{CheckResult, Property, Verification};
use chrono::NaiveDate;

use super::papers;
use crate::error::CommandError;
use crate::files;
use crate::render::size::megabytes;

/// The format a report's name asks for.
pub(crate) fn format_of(path: &Path) -> Result<Format, CommandError> {
    let extension = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    match extension.as_ref().and_then(|extension| extension.to_str()) {
        Some("pdf") => Ok(Format::Pdf),
        Some("html" | "htm") => Ok(Format::Html),
        Some("xlsx") => Ok(Format::Xlsx),
        _ => {
            let shown = path.display();
            Err(CommandError::usage(
                text!("不知道报告 {shown} 要什么格式", "the format of the report {shown} can't be told"),
                Text::fixed("文件名请以 .pdf、.html 或 .xlsx 结尾", "end its name in .pdf, .html or .xlsx"),
            ))
        }
    }
}

/// Prints the report.
pub(crate) fn write(
    package: &Path,
    verification: &Verification,
    on: NaiveDate,
    to: &Path,
) -> Result<PathBuf, CommandError> {
    let format = format_of(to)?;
    let document = inspection::report("检测报告", &in_words(package, verification, on));
    let printed = print_document(&document, &[format], &Fonts::shipped()?, on)?;
    for file in printed.files {
        files::write(to, &file.bytes)?;
    }
    Ok(to.to_owned())
}

fn in_words(package: &Path, verification: &Verification, on: NaiveDate) -> Inspection {
    let facts = &verification.facts;
    let said = |label: &str| {
        let found = facts.bag_info.iter().find(|(known, _)| known == label);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let Counts { error, warning, .. } = Counts::of(&verification.findings);
    let verdict = match (verification.valid, &facts.only) {
        (true, None) if warning == 0 => "机器检测合格".to_owned(),
        (true, None) => format!("机器检测合格，另有警告 {warning} 项，见问题清单"),
        (true, Some(volume)) => format!("案卷 {volume} 机器检测合格；只检测了这一卷"),
        (false, _) => format!("不合格：错误 {error} 项、警告 {warning} 项，见问题清单"),
    };
    let kinds: Vec<String> = facts.kinds.iter().map(|kind| kind.word().zh.into_owned()).collect();
    let name = package.file_name().unwrap_or(package.as_os_str()).to_string_lossy().into_owned();
    Inspection {
        package: name.clone(),
        sender: said("Source-Organization"),
        facts: vec![
            ("移交包", name),
            ("移交单位", said("Source-Organization")),
            ("格式", kinds.join("、")),
            ("检测范围", facts.only.as_ref().map_or("全部".to_owned(), |volume| format!("案卷 {volume}"))),
            (
                "数量",
                format!(
                    "{} 件　文件 {} 个　{}　核对摘要 {} 个",
                    facts.items,
                    facts.files,
                    megabytes(facts.bytes),
                    facts.files_compared
                ),
            ),
            ("检测日期", on.format("%Y年%-m月%-d日").to_string()),
            ("结论", verdict),
        ],
        properties: [Property::Authenticity, Property::Integrity, Property::Usability, Property::Security]
            .map(|property| (property.word().zh.into_owned(), of_property(verification, property)))
            .into(),
        tests: verification
            .checks
            .iter()
            .map(|check| {
                let result = match check.result {
                    CheckResult::Pass => "合格",
                    CheckResult::Fail => "不合格",
                    CheckResult::Manual => "人工□",
                };
                [
                    check.property.word().zh.into_owned(),
                    check.code.clone(),
                    check.name.in_lang(Lang::Zh).to_owned(),
                    result.to_owned(),
                    check.detail.in_lang(Lang::Zh).to_owned(),
                ]
            })
            .collect(),
        faults: verification.findings.iter().map(papers::fault).collect(),
    }
}

/// How the tests of a property came out: 合格 5 项，人工 2 项.
fn of_property(verification: &Verification, property: Property) -> String {
    let count = |result| {
        let checks = verification.checks.iter().filter(|check| check.property == property);
        checks.filter(|check| check.result == result).count()
    };
    let told =
        [(CheckResult::Fail, "不合格"), (CheckResult::Pass, "合格"), (CheckResult::Manual, "须人工检查")]
            .map(|(result, word)| (count(result), word));
    let told: Vec<String> = told
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{word} {count} 项"))
        .collect();
    told.join("，")
}
