//! The full catalogue (全引目录, F2): one book a period, with title page, page index, explanatory note
//! (立卷说明), volume catalogue and every list of contents, so that a reader finds a document and its
//! page without opening a box. It is printed in as many copies as the profile says.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::finding::{Finding, Severity};
use archive_core::model::{Feature, RetentionPeriod, Volume};
use archive_core::profile::{Binding, YearPolicy};
use archive_core::rules::RuleId;

use crate::book::{Book, catalogue_no, name_of};
use crate::document::{Body, Column, Document, Grid, Labelled, Numbering, Paragraph, Part, Prose, Table};
use crate::fonts::Role;
use crate::layout::{Align, Measure, Paper, Style, printable};

use super::copy_mark;
use super::volumes::figures;

const TEXT: Style = Style { role: Role::Fangsong, size: 14.0, smallest: 14.0, align: Align::Left };
const HEAD: Style = Style { role: Role::Hei, size: 14.0, smallest: 14.0, align: Align::Left };

/// The most kinds of fault named in the note.
const MOST_FAULTS: usize = 12;

/// A book for each period that occurs.
pub fn catalogues(book: &Book<'_>, measure: &dyn Measure) -> Vec<Document> {
    book.periods().into_iter().map(|period| catalogue(book, period, measure)).collect()
}

fn catalogue(book: &Book<'_>, period: RetentionPeriod, measure: &dyn Measure) -> Document {
    let volumes = book.of_period(period);
    let copies = usize::from(book.profile.opening.full_catalogue_copies.max(1));
    let mut body = vec![note(book, period, &volumes), super::volumes::list(book, &volumes, Numbering::Run)];
    let lists_from = body.len();
    body.extend(volumes.iter().map(|volume| super::contents::list(book, volume, Numbering::Run)));

    // The index stands before what it points to, and how many pages that takes doesn't depend on it.
    let mut page = 1;
    let mut begins = Vec::with_capacity(body.len());
    for part in &body {
        begins.push(page);
        page += crate::paged::count_pages(part, measure);
    }
    let mut lines: Vec<Vec<String>> = vec![
        vec![String::new(), "立卷说明".to_owned(), begins[0].to_string()],
        vec![String::new(), "案卷目录".to_owned(), begins[1].to_string()],
    ];
    for (volume, begin) in volumes.iter().zip(&begins[lists_from..]) {
        lines.push(vec![book.volume_no(volume), printable(&volume.title), begin.to_string()]);
    }

    let mut parts: Vec<Part> = (1..=copies).map(|copy| title(book, period, &volumes, copy, copies)).collect();
    parts.push(index(book, period, lines));
    parts.extend(body);
    let rest = copies..parts.len();
    let copies = (0..copies).map(|copy| std::iter::once(copy).chain(rest.clone()).collect()).collect();
    Document { copies, ..crate::print::document(book, &format!("全引目录（{period}）"), parts) }
}

fn title(book: &Book<'_>, period: RetentionPeriod, volumes: &[&Volume], copy: usize, copies: usize) -> Part {
    let paper = Paper::A4;
    let mut numbers: Vec<String> = volumes.iter().map(|volume| catalogue_no(volume)).collect();
    numbers.dedup();
    let pairs = [
        ("全宗名称", "全宗名称", printable(&book.institution.name)),
        ("全宗号", "全宗号", book.institution.fonds.clone()),
        ("目录号", "目录号", numbers.join("、")),
        ("年度", "年度", book.year()),
        ("保管期限", "保管期限", period.to_string()),
        ("案卷数量", "案卷数量", format!("{} 卷", volumes.len())),
        ("案卷起止", "案卷起止", first_to_last(volumes)),
    ];
    let rows = super::title_page("全引目录", &copy_mark(copy, copies), &pairs, &paper);
    Part { name: format!("封面{copy}"), paper, numbering: Numbering::None, body: Body::Grid(Grid { rows }) }
}

fn first_to_last(volumes: &[&Volume]) -> String {
    match (volumes.first(), volumes.last()) {
        (Some(first), Some(last)) if volumes.len() > 1 => format!("{} — {}", name_of(first), name_of(last)),
        (Some(only), _) => name_of(only).to_owned(),
        _ => String::new(),
    }
}

fn index(book: &Book<'_>, period: RetentionPeriod, rows: Vec<Vec<String>>) -> Part {
    let column = |header: &str, width: f64, align: Align| Column {
        header: header.to_owned(),
        width,
        align,
        is_number: header == "页次",
    };
    let table = Table {
        title: "目　次".to_owned(),
        heading: vec![
            Labelled::new("全宗号", &book.institution.fonds),
            Labelled::new("年度", book.year()),
            Labelled::new("保管期限", period.to_string()),
        ],
        columns: vec![
            column("案卷号", 20.0, Align::Centre),
            column("案卷题名", 130.0, Align::Left),
            column("页次", 20.0, Align::Centre),
        ],
        rows,
        heights: archive_core::profile::RowHeights::AtLeast(8.0),
        fill: false,
        footing: Vec::new(),
        in_csv: false,
    };
    super::table_part("目次".to_owned(), Paper::A4, Numbering::Own, table)
}

fn note(book: &Book<'_>, period: RetentionPeriod, volumes: &[&Volume]) -> Part {
    let head = |text: &str| Paragraph { text: text.to_owned(), style: HEAD, indent: true };
    let text = |text: String| Paragraph { text, style: TEXT, indent: true };
    let name = printable(&book.institution.name);
    let year = book.year();
    let mut paragraphs = vec![head("一、立档单位与本年度情况")];
    paragraphs.push(text(format!(
        "本目录收{name}（全宗号{}）{year}年度形成、保管期限为{period}的档案。{}",
        book.institution.fonds,
        subjects(book, volumes)
    )));
    paragraphs.push(text(
        "本年度机构、职能和人员变动（由立卷单位补记）：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿"
            .to_owned(),
    ));
    paragraphs.push(head("二、案卷数量"));
    paragraphs.push(text(quantities(book, volumes, period)));
    paragraphs.push(head("三、立卷原则"));
    paragraphs.push(text(principles(book, volumes)));
    paragraphs.push(head("四、整理状况"));
    paragraphs.push(text(condition(book)));
    paragraphs.push(head("五、存在问题"));
    paragraphs.extend(faults(book, volumes).into_iter().map(text));
    let right = TEXT.aligned(Align::Right);
    paragraphs.push(Paragraph { text: String::from("\u{3000}"), style: TEXT, indent: false });
    paragraphs.push(Paragraph { text: name, style: right, indent: false });
    paragraphs.push(Paragraph {
        text: book.printed_on.format("%Y年%-m月%-d日").to_string(),
        style: right,
        indent: false,
    });
    let prose = Prose { title: "立　卷　说　明".to_owned(), paragraphs };
    Part {
        name: "立卷说明".to_owned(),
        paper: Paper::A4,
        numbering: Numbering::Run,
        body: Body::Prose(prose),
    }
}

/// What the volumes are about, by the questions the register names, those with most items first.
fn subjects(book: &Book<'_>, volumes: &[&Volume]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for item in volumes.iter().flat_map(|volume| &volume.entries).filter_map(|entry| book.item(entry)) {
        if let Some(question) = item.question.as_deref().or(item.meeting_or_case.as_deref()) {
            *counts.entry(printable(question)).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().filter(|(word, _)| !word.is_empty()).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    if counts.is_empty() {
        return String::new();
    }
    let words: Vec<String> =
        counts.iter().take(8).map(|(word, count)| format!("{word}（{count}件）")).collect();
    format!("主要内容为{}{}。", words.join("、"), if counts.len() > 8 { "等" } else { "" })
}

fn quantities(book: &Book<'_>, volumes: &[&Volume], period: RetentionPeriod) -> String {
    let year = book.year();
    let line = |figures: &[String; 4]| format!("{}卷、{}件、{}页", figures[1], figures[2], figures[3]);
    let all = figures(book, &book.volumes);
    let (sum, by_period) = match all.split_last() {
        Some((sum, by_period)) => (line(sum), by_period),
        None => (String::new(), &all[..]),
    };
    let parts: Vec<String> =
        by_period.iter().map(|figures| format!("{}{}", figures[0], line(figures))).collect();
    let own = figures(book, volumes).last().map(line).unwrap_or_default();
    format!(
        "{year}年度共立卷{sum}，其中{}。本目录收{period}案卷{own}，自{}。",
        parts.join("；"),
        first_to_last(volumes).replace(" — ", "至")
    )
}

fn principles(book: &Book<'_>, volumes: &[&Volume]) -> String {
    let years = match book.profile.years.policy {
        YearPolicy::Content => {
            "年度按文件内容针对的年度确定，请示与批复归入批复年度，跨年的会议、案件归入结束年度"
        }
        YearPolicy::Signing => "年度按文件签发日期确定",
    };
    let sections = if book.profile.volumes.by_section { "，各归档机构分别立卷" } else { "" };
    let mut features: BTreeMap<Feature, usize> = BTreeMap::new();
    for feature in volumes.iter().flat_map(|volume| &volume.joined_by) {
        *features.entry(*feature).or_default() += 1;
    }
    let features: Vec<String> = features
        .iter()
        .map(|(feature, count)| {
            let word = match feature {
                Feature::Question => "问题",
                Feature::Time => "时间",
                Feature::Type => "名称",
                Feature::Author => "作者",
                Feature::Correspondent => "通讯者",
                Feature::Region => "地区",
            };
            format!("{word}（{count}卷）")
        })
        .collect();
    let features = if features.is_empty() {
        String::new()
    } else {
        format!("组卷依据的特征为{}。", features.join("、"))
    };
    format!(
        "依据《{}》。不同年度、不同保管期限、党务与政务文件分别立卷{sections}；{years}。{features}卷内文件按问题结合时间排列，\
         印本在前、定稿在后，批复在前、请示在后，主件在前、附件在后，转发件在前、被转发件在后。",
        book.profile.source.replace(['《', '》'], "")
    )
}

fn condition(book: &Book<'_>) -> String {
    match book.profile.volumes.binding {
        Binding::Whole => {
            "案卷整卷装订，卷内文件逐页编号，卷内文件目录置于卷首，卷内备考表置于卷尾，均不编页号。"
        }
        Binding::Single => {
            "文件以件为单位装订，逐件加盖档号章，各件分别编页号，卷首有卷内文件目录，卷尾有卷内备考表。"
        }
    }
    .to_owned()
        + "案卷已编制案卷号、件号和页号，案卷目录与实物核对无误后移交。"
}

fn faults(book: &Book<'_>, volumes: &[&Volume]) -> Vec<String> {
    let mut by_rule: BTreeMap<(Severity, RuleId), Vec<&Finding>> = BTreeMap::new();
    let names: BTreeSet<&str> = volumes.iter().flat_map(|volume| [name_of(volume), &volume.title]).collect();
    for finding in book.findings.iter().filter(|finding| finding.severity != Severity::Info) {
        if finding.place.volume.as_deref().is_some_and(|volume| names.contains(volume)) {
            by_rule.entry((finding.severity, finding.rule)).or_default().push(finding);
        }
    }
    if by_rule.is_empty() {
        return vec!["经逐项检查，未发现问题。".to_owned()];
    }
    let kinds = by_rule.len();
    let mut lines = vec![format!(
        "经逐项检查，存在下列问题，共{}处，各卷情况见卷内备考表：",
        by_rule.values().map(Vec::len).sum::<usize>()
    )];
    for (at, ((severity, rule), findings)) in by_rule.iter().take(MOST_FAULTS).enumerate() {
        let example = findings.first().map(|finding| printable(&finding.message.zh)).unwrap_or_default();
        lines.push(format!(
            "{}. {rule}（{}）{}处，如：{}。",
            at + 1,
            severity.word().zh,
            findings.len(),
            example.trim_end_matches('。')
        ));
    }
    if kinds > MOST_FAULTS {
        lines.push(format!("另有{}类，见检查报告。", kinds - MOST_FAULTS));
    }
    lines
}
