//! A proposal as a workbook.

use std::collections::BTreeMap;

use archive_core::arrange::{Doubt, Plan, PlanEntry, PlanVolume, Verdict};
use archive_core::model::{Feature, Reason, SecrecyLevel, TieKind};
use archive_core::text::{Lang, Text};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use super::layout::{
    CONFIRMED, CONTENTS, GUIDE, KEY, KIND, LABEL, MADE_OF, PAGES, PERIOD, REASONS, SIDE, SheetLayout, TIES,
    TO_KEY, VERDICT, VOLUMES, YEAR, YES,
};
use super::{PlanError, Proposal};

/// Lines below the last that still have lists to choose from, for volumes and ties a person adds.
const SPARE: u32 = 200;

/// Writes a proposal for a person to read and change. Reasons are in `lang`; headers and values are as
/// on paper. The same proposal gives the same bytes.
///
/// # Errors
///
/// [`PlanError::Unwritable`] when there are more items than a sheet has rows.
pub fn write(proposal: Proposal<'_>, lang: Lang) -> Result<Vec<u8>, PlanError> {
    let Proposal { items, profile, decisions, arrangement, .. } = proposal;
    let classified = items.iter().filter(|item| item.secrecy.level != SecrecyLevel::None);
    let writer = Writer {
        plan: Plan::of(arrangement, items, profile, decisions),
        periods: profile.retention.scheme.periods().iter().map(ToString::to_string).collect(),
        classified: classified.map(|item| item.id).collect(),
        lang,
        styles: Styles::new(),
    };
    writer.book().map_err(|error| PlanError::Unwritable { detail: error.to_string() })
}

struct Styles {
    head: Format,
    lines: [Format; 3],
    edited: [Format; 3],
    locked: Format,
}

impl Styles {
    fn new() -> Self {
        let line = || Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Hair);
        // Readable in grey print too: the doubtful is darker.
        let shades = [None, Some(0x00FF_F4CC), Some(0x00FA_D4C8)];
        let shaded = |base: &dyn Fn() -> Format| {
            shades
                .map(|shade| shade.map_or_else(base, |shade| base().set_background_color(Color::RGB(shade))))
        };
        Self {
            head: Format::new()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_border(FormatBorder::Thin)
                .set_background_color(Color::RGB(0x00DD_E6F0)),
            lines: shaded(&|| line().set_font_color(Color::RGB(0x0055_5555))),
            edited: shaded(&|| line().set_num_format("@").set_text_wrap()),
            locked: line().set_background_color(Color::RGB(0x00E4_E4E4)),
        }
    }

    fn line(&self, doubt: Doubt) -> &Format {
        &self.lines[doubt as usize]
    }

    fn edited(&self, doubt: Doubt) -> &Format {
        &self.edited[doubt as usize]
    }
}

struct Writer {
    plan: Plan,
    /// The words of the office's scheme.
    periods: Vec<String>,
    /// Items that are in no volume because they are classified (S1).
    classified: std::collections::BTreeSet<archive_core::model::ItemId>,
    lang: Lang,
    styles: Styles,
}

impl Writer {
    fn book(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        // Workbooks carry the moment they were made; the same proposal must give the same bytes.
        let moment = ExcelDateTime::from_ymd(1980, 1, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&moment));
        self.volumes(sheet(&mut book, &VOLUMES, &self.styles)?)?;
        self.contents(sheet(&mut book, &CONTENTS, &self.styles)?)?;
        self.ties(sheet(&mut book, &TIES, &self.styles)?)?;
        self.reasons(sheet(&mut book, &REASONS, &self.styles)?)?;
        self.guide(book.add_worksheet())?;
        let hidden = sheet(&mut book, &MADE_OF, &self.styles)?;
        for (row, entry) in (1..).zip(&self.plan.contents) {
            hidden.write_string(row, 0, entry.item.0.to_string())?;
            hidden.write_string(row, 1, &entry.volume)?;
        }
        hidden.set_hidden(true);
        book.save_to_buffer()
    }

    fn say<'t>(&self, text: &'t Text) -> &'t str {
        text.in_lang(self.lang)
    }

    /// What a person is asked to do about a line.
    const fn doubt(&self, doubt: Doubt) -> &'static str {
        match (doubt, self.lang) {
            (Doubt::None, _) => "",
            (Doubt::Some, Lang::Zh) => "请核对",
            (Doubt::Some, Lang::En) => "check",
            (Doubt::Much, Lang::Zh) => "请确定",
            (Doubt::Much, Lang::En) => "decide",
        }
    }

    /// The formats of a line: what can be changed, and what is for reading.
    fn formats(&self, locked: bool, doubt: Doubt) -> (&Format, &Format) {
        if locked {
            (&self.styles.locked, &self.styles.locked)
        } else {
            (self.styles.edited(doubt), self.styles.line(doubt))
        }
    }

    fn volumes(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let volumes = &self.plan.volumes;
        let last = u32::try_from(volumes.len()).unwrap_or(u32::MAX).saturating_add(SPARE);
        let dates = self.dates();
        for (row, volume) in (1_u32..).zip(volumes) {
            let (edited, line) = self.formats(volume.code.is_some(), volume.doubt);
            let section = volume.section.as_deref().unwrap_or_default();
            let confirmed = if volume.confirmed { YES } else { "" };
            let (year, period) = (volume.year.to_string(), volume.period.to_string());
            let cells =
                [&volume.label, &year, volume.side.word(), &period, section, &volume.title, confirmed];
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string_with_format(row, column, cell, edited)?;
            }
            // Counted from the contents, so that they follow what the person moves.
            let there = format!("{}!$A:$A,$A{}", CONTENTS.name, row + 1);
            let pages = letter(CONTENTS.at(PAGES));
            let count = Formula::new(format!("=COUNTIF({there})")).set_result(volume.items.to_string());
            let sum = Formula::new(format!("=SUMIF({there},{}!${pages}:${pages})", CONTENTS.name))
                .set_result(volume.pages.to_string());
            sheet.write_formula_with_format(row, 7, count, line)?;
            sheet.write_formula_with_format(row, VOLUMES.at(PAGES), sum, line)?;
            let features: Vec<&str> = volume.joined_by.iter().map(|feature| feature_word(*feature)).collect();
            let why: Vec<&str> = volume.why.iter().map(|reason| self.say(&reason.text)).collect();
            let cells = [
                dates.get(volume.label.as_str()).map_or("", String::as_str),
                &features.join("、"),
                &why.join("；"),
                volume.code.as_deref().unwrap_or_default(),
                self.doubt(volume.doubt),
            ];
            for (column, cell) in (9..).zip(cells) {
                sheet.write_string_with_format(row, column, cell, line)?;
            }
            sheet.set_row_height(row, height(&volume.title, 60))?;
        }
        let mut years: Vec<i32> =
            volumes.iter().flat_map(|volume| [volume.year - 1, volume.year, volume.year + 1]).collect();
        years.sort_unstable();
        years.dedup();
        let years: Vec<String> = years.iter().map(ToString::to_string).collect();
        // A list of choices holds 255 characters.
        if !years.is_empty() && years.len() <= 40 {
            choose(sheet, &VOLUMES, YEAR, last, &years)?;
        }
        choose(sheet, &VOLUMES, SIDE, last, &["党".to_owned(), "政".to_owned()])?;
        choose(sheet, &VOLUMES, PERIOD, last, &self.periods)?;
        choose(sheet, &VOLUMES, CONFIRMED, last, &[YES.to_owned()])?;
        finish(sheet, &VOLUMES, volumes.len())
    }

    /// The first and last date of each volume.
    fn dates(&self) -> BTreeMap<&str, String> {
        let mut dates: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for entry in
            self.plan.contents.iter().filter(|entry| entry.date.starts_with(|c: char| c.is_ascii_digit()))
        {
            dates.entry(&entry.volume).or_default().push(&entry.date);
        }
        let span = |dates: Vec<&str>| match (dates.iter().min(), dates.iter().max()) {
            (Some(first), Some(last)) if first != last => format!("{first} — {last}"),
            (Some(first), _) => (*first).to_owned(),
            _ => String::new(),
        };
        dates.into_iter().map(|(label, dates)| (label, span(dates))).collect()
    }

    fn contents(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let catalogued: BTreeMap<&str, bool> =
            self.plan.volumes.iter().map(|volume| (volume.label.as_str(), volume.code.is_some())).collect();
        for (row, entry) in (1_u32..).zip(&self.plan.contents) {
            let is_fixed = catalogued.get(entry.volume.as_str()).copied().unwrap_or(false);
            let locked = is_fixed || self.classified.contains(&entry.item);
            let (edited, line) = self.formats(locked, entry.doubt);
            sheet.write_string_with_format(row, 0, &entry.volume, edited)?;
            if entry.volume.is_empty() {
                sheet.write_blank(row, 1, edited)?;
            } else {
                sheet.write_number_with_format(row, 1, entry.position, edited)?;
            }
            let cells = [&entry.row, &entry.bodies, &entry.number];
            for (column, cell) in (2..).zip(cells) {
                sheet.write_string_with_format(row, column, cell, line)?;
            }
            sheet.write_string_with_format(row, 5, &entry.title, edited)?;
            sheet.write_string_with_format(row, 6, &entry.date, line)?;
            match entry.pages {
                Some(pages) => sheet.write_number_with_format(row, 7, pages, line)?,
                None => sheet.write_blank(row, 7, line)?,
            };
            sheet.write_string_with_format(row, 8, self.place_of(entry), line)?;
            sheet.write_string_with_format(row, 9, self.doubt(entry.doubt), line)?;
            sheet.write_string_with_format(row, 10, &entry.reason, edited)?;
            sheet.write_string_with_format(row, 11, entry.item.0.to_string(), line)?;
            sheet.set_row_height(row, height(&entry.title, 60))?;
        }
        let lines = u32::try_from(self.plan.contents.len()).unwrap_or(u32::MAX);
        let volumes = u32::try_from(self.plan.volumes.len()).unwrap_or(u32::MAX).saturating_add(1 + SPARE);
        let known = DataValidation::new()
            .allow_list_formula(Formula::new(format!("={}!$A$2:$A${volumes}", VOLUMES.name)))
            // A label that is added to the volumes later may be typed first.
            .set_error_style(DataValidationErrorStyle::Information)
            .ignore_blank(true);
        let column = CONTENTS.at(LABEL);
        sheet.add_data_validation(1, column, lines.max(1), column, &known)?;
        sheet.set_column_hidden(CONTENTS.at(KEY))?;
        finish(sheet, &CONTENTS, self.plan.contents.len())
    }

    /// Why an item stands where it stands: the last reason that speaks of its place.
    fn place_of<'e>(&self, entry: &'e PlanEntry) -> &'e str {
        let speaks_of_place = |reason: &&Reason| reason.rule != archive_core::rules::RuleId::L1;
        entry.why.iter().rev().find(speaks_of_place).map_or("", |reason| self.say(&reason.text))
    }

    fn ties(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        for (row, tie) in (1_u32..).zip(&self.plan.ties) {
            let doubt = match tie.verdict {
                Verdict::Open if tie.confidence < 0.6 => Doubt::Much,
                Verdict::Open if tie.confidence < 0.8 => Doubt::Some,
                _ => Doubt::None,
            };
            let (edited, line) = self.formats(false, doubt);
            let sure = match tie.verdict {
                Verdict::Open => format!("{:.0}%", tie.confidence * 100.0),
                Verdict::Accepted | Verdict::Refused => String::new(),
            };
            let (from, to) = (tie.from.0.to_string(), tie.to.0.to_string());
            let cells = [
                (tie.from_row.as_str(), edited),
                (&tie.from_title, line),
                (tie.kind.word(), edited),
                (&tie.to_row, edited),
                (&tie.to_title, line),
                (&sure, line),
                (self.say(&tie.grounds), line),
                (tie.verdict.word(), edited),
                (&from, line),
                (&to, line),
            ];
            for (column, (cell, format)) in (0..).zip(cells) {
                sheet.write_string_with_format(row, column, cell, format)?;
            }
        }
        let last = u32::try_from(self.plan.ties.len()).unwrap_or(u32::MAX).saturating_add(SPARE);
        let kinds: Vec<String> = TieKind::ALL.iter().map(|kind| kind.word().to_owned()).collect();
        choose(sheet, &TIES, KIND, last, &kinds)?;
        let verdicts = [Verdict::Accepted, Verdict::Refused].map(|verdict| verdict.word().to_owned());
        choose(sheet, &TIES, VERDICT, last, &verdicts)?;
        sheet.set_column_hidden(TIES.at(KEY))?;
        sheet.set_column_hidden(TIES.at(TO_KEY))?;
        finish(sheet, &TIES, self.plan.ties.len())
    }

    fn reasons(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut lines: Vec<(&str, &str, &str, &Reason)> = Vec::new();
        let mut contents = self.plan.contents.iter().peekable();
        for volume in &self.plan.volumes {
            let PlanVolume { label, title, why, .. } = volume;
            lines.extend(why.iter().map(|reason| (label.as_str(), "", title.as_str(), reason)));
            while let Some(entry) = contents.next_if(|entry| entry.volume == *label) {
                lines.extend(
                    entry.why.iter().map(|r| (label.as_str(), entry.row.as_str(), entry.title.as_str(), r)),
                );
            }
        }
        for entry in contents {
            lines.extend(entry.why.iter().map(|r| ("", entry.row.as_str(), entry.title.as_str(), r)));
        }
        let format = self.styles.line(Doubt::None);
        for (row, (label, item, title, reason)) in (1_u32..).zip(&lines) {
            let (rule, source) = (reason.rule.name(), reason.rule.rule().source);
            for (column, cell) in (0..).zip([*label, *item, *title, rule, self.say(&reason.text), source]) {
                sheet.write_string_with_format(row, column, cell, format)?;
            }
        }
        finish(sheet, &REASONS, lines.len())
    }

    fn guide(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(GUIDE)?;
        sheet.set_column_width(0, 110.0)?;
        let head = Format::new().set_bold().set_font_size(14.0);
        let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let title = Text::fixed("怎样审改这份组卷方案", "How to review this plan");
        sheet.write_string_with_format(0, 0, self.say(&title), &head)?;
        for (row, line) in (2..).zip(&GUIDE_LINES) {
            let line = self.say(line);
            sheet.write_string_with_format(row, 0, line, &wrap)?;
            sheet.set_row_height(row, height(line, 110))?;
        }
        Ok(())
    }
}

/// The word of a feature, as on paper.
const fn feature_word(feature: Feature) -> &'static str {
    match feature {
        Feature::Question => "问题",
        Feature::Time => "时间",
        Feature::Type => "名称",
        Feature::Author => "作者",
        Feature::Correspondent => "通讯者",
        Feature::Region => "地区",
    }
}

/// The letter above one of the first columns.
fn letter(column: u16) -> String {
    crate::register::grid::letters(usize::from(column))
}

/// A sheet with its header, widths, frozen panes and name.
fn sheet<'b>(
    book: &'b mut Workbook,
    layout: &SheetLayout,
    styles: &Styles,
) -> Result<&'b mut Worksheet, XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(layout.name)?;
    for (column, (header, width)) in (0..).zip(layout.columns) {
        sheet.write_string_with_format(0, column, *header, &styles.head)?;
        sheet.set_column_width(column, *width)?;
    }
    sheet.set_row_height(0, 24)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(sheet)
}

/// Filters and print settings, once the number of lines is known.
fn finish(sheet: &mut Worksheet, layout: &SheetLayout, lines: usize) -> Result<(), XlsxError> {
    let last = u32::try_from(lines).unwrap_or(u32::MAX);
    let columns = u16::try_from(layout.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, last, columns)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}

/// A list to choose from, in a column.
fn choose(
    sheet: &mut Worksheet,
    layout: &SheetLayout,
    header: &str,
    last: u32,
    values: &[String],
) -> Result<(), XlsxError> {
    let rule = DataValidation::new().allow_list_strings(values)?.ignore_blank(true);
    let column = layout.at(header);
    sheet.add_data_validation(1, column, last, column, &rule)?;
    Ok(())
}

/// The height of a row whose text wraps: no program sets it by itself for a file it didn't make.
fn height(text: &str, width: usize) -> f64 {
    let columns: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    let lines = columns.div_ceil(width.max(1)).clamp(1, 12);
    // At most 12.
    15.0 * f64::from(u8::try_from(lines).unwrap_or(12)) + 3.0
}

/// How to work with a plan.
static GUIDE_LINES: [Text; 11] = [
    Text::fixed(
        "一、“案卷”表每行一卷，“卷内文件”表每行一件。改完存盘，用 archive arrange --apply 交回；没有改的照原方案。",
        "1. A line of 案卷 is a volume, a line of 卷内文件 an item. Save, and give it back with archive arrange --apply; what you leave alone stays as proposed.",
    ),
    Text::fixed(
        "二、把一件移到另一卷：改它的“卷标”。移入的卷若年度、党政、期限不同，这一件随之改变；请在“改动理由”列写明理由。",
        "2. To move an item, change its 卷标. It takes the year, side and period of the volume it goes to; say why in 改动理由.",
    ),
    Text::fixed(
        "三、调整卷内次序：改“位次”，可用小数（2.5 在 2 与 3 之间）。以位次为准，与行的先后无关；位次相同的，行在前的在前；留空的排在最后。",
        "3. To change the order, change 位次; 2.5 stands between 2 and 3. The 位次 counts, not the order of the lines; of two that are equal the upper line comes first; without one an item goes last.",
    ),
    Text::fixed(
        "四、新立一卷：在“案卷”表末尾加一行，“卷标”用一个没有用过的，填年度、党政、保管期限；再把各件的“卷标”改成它。案卷题名留空的由程序拟。",
        "4. To make a volume, add a line to 案卷 with a 卷标 that isn't used, its year, side and period, and give its items that 卷标. A title left empty is drafted.",
    ),
    Text::fixed(
        "五、撤销一卷：把其中各件移走即可，“案卷”表中的那一行可删可留。",
        "5. To undo a volume, move its items away; its line may stay or go.",
    ),
    Text::fixed(
        "六、不归档的：“卷标”清空，并在“改动理由”列写明理由。不要删行。",
        "6. To leave an item out, empty its 卷标 and say why in 改动理由. Don't delete lines.",
    ),
    Text::fixed(
        "七、案卷的年度、党政、保管期限、归档机构、题名都可以改，卷内各件随之改变。看过没有问题的卷，“确认”列选“是”：以后不再改动，期限也算人工确认。",
        "7. A volume's year, side, period, section and title can be changed; its items follow. For a volume that is right, choose 是 under 确认: no later run changes it, and its periods count as confirmed.",
    ),
    Text::fixed(
        "八、“关联”表列出程序提出的关联，把握小的在前。“决定”列选“同意”或“否”；也可在末尾加行，填两个序号、关系和决定。相关联的文件要在同一卷里；关联不对的，先填“否”再分开。",
        "8. 关联 lists the ties the program proposes, the least sure first. Choose 同意 or 否 under 决定; you may add lines with two 序号, a kind and a decision. Tied items stand in one volume; refuse a wrong tie before you part them.",
    ),
    Text::fixed(
        "九、黄色请核对：有一定根据的提议。红色请确定：只是推定，或缺少内容。灰底的已经编目，或是涉密件，不能改。",
        "9. Yellow asks to be checked: proposed on some grounds. Red asks to be decided: assumed, or something is missing. Grey is catalogued or classified and can't be changed.",
    ),
    Text::fixed(
        "十、灰字的列只供查看，改了也不起作用。隐藏的“标识”列和“原案”表请勿改动。",
        "10. Columns in grey letters are for reading only. Leave the hidden columns and the hidden sheet alone.",
    ),
    Text::fixed(
        "十一、交回时若有错，会按工作表、行、列一次全部指出，改正之前什么也不会变。",
        "11. Mistakes are all named at once, by sheet, row and column, and until they are mended nothing changes.",
    ),
];
