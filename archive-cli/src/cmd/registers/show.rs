//! `archive registers list`, `match`, `missing`, `rate`, `gaps`, `returns`: what the books say, to people and scripts.

use archive_core::model::{Item, SecrecyLevel};
use archive_core::office_register::sequence::{self, Gap, GapIn, Series};
use archive_core::office_register::{Account, Direction, Line, Rate, Return, Standing, clearing};
use archive_core::reading::TitleParts;
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::ArgMatches;
use serde::Serialize;

use super::told::{EntryTold, LineTold, RateTold};
use super::{Desk, asked_year, stands};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::table;
use crate::ui::Ui;

/// The width of a terminal that everything fits in.
const WIDTH: usize = 80;

#[derive(Serialize)]
struct Lines<'a> {
    entries: Vec<LineTold<'a>>,
    counts: RateTold,
}

fn told(ui: &Ui, desk: &Desk, account: &Account<'_>, lines: &[&Line<'_>]) -> Result<(), CommandError> {
    if !ui.is_json() {
        return Ok(());
    }
    let items = desk.by_id();
    let entries = lines.iter().map(|line| LineTold::of(line, &items, &account.lines, ui.lang)).collect();
    ui.json(&Lines { entries, counts: RateTold::of(account.rate()) })
}

/// A line in a row of a table: label, number, title; and how it stands.
fn row(ui: &Ui, line: &Line<'_>) -> Vec<String> {
    let entry = line.entry;
    let number = entry.number.as_ref().map(ToString::to_string).unwrap_or_default();
    let title = if entry.is_open() { entry.title.as_str() } else { entry.secrecy.level.word() };
    vec![
        entry.label.to_string(),
        table::shorten(&number, 20),
        table::shorten(title, 26),
        table::shorten(ui.say(&stands(line.standing)), 18),
    ]
}

/// The counts of lines in a sentence.
fn counts(rate: Rate) -> Text {
    let Rate { registered, archived, likely, missing, excused, to_return, repeated, apart } = rate;
    let percent = rate.percent();
    text!(
        "共 {registered} 件：已归档 {archived}，待确认 {likely}，缺 {missing}，有去向 {excused}，待清退 {to_return}，重复 {repeated}，涉密另存 {apart}\n归档率 {percent}",
        "{registered} papers: archived {archived}, to confirm {likely}, missing {missing}, excused {excused}, to go back {to_return},\nregistered twice {repeated}, kept apart {apart}. Archiving rate {percent}"
    )
}

fn print(ui: &Ui, lines: &[&Line<'_>]) {
    let rows: Vec<Vec<String>> = lines.iter().map(|line| row(ui, line)).collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
}

pub(super) fn list(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let desk = Desk::open(context)?;
    let account = desk.account(matches);
    let asked = matches.get_one::<String>("standing");
    let lines: Vec<&Line<'_>> =
        account.lines.iter().filter(|line| asked.is_none_or(|asked| line.standing.name() == asked)).collect();
    print(&context.ui, &lines);
    context.ui.tell(&counts(account.rate()));
    told(&context.ui, &desk, &account, &lines)?;
    Ok(Exit::Done)
}

pub(super) fn missing(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let desk = Desk::open(context)?;
    let account = desk.account(matches);
    let lines: Vec<&Line<'_>> = account.missing().collect();
    print(&context.ui, &lines);
    let (count, likely) = (lines.len(), account.likely().count());
    context.ui.tell(&if count == 0 {
        Text::fixed("没有缺件", "nothing is missing")
    } else {
        text!(
            "缺 {count} 件。追收，或登记去向：archive registers settle 登记号 --as …",
            "{count} are missing. Collect them, or record what became of them:\narchive registers settle ENTRY --as …"
        )
    });
    if likely > 0 {
        context.ui.tell(&text!(
            "另有 {likely} 件待确认：archive registers match",
            "{likely} more are to be confirmed: archive registers match"
        ));
    }
    told(&context.ui, &desk, &account, &lines)?;
    Ok(Exit::Done)
}

pub(super) fn matches(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let desk = Desk::open(context)?;
    let account = desk.account(matches);
    let all = matches.get_flag("all");
    let lines: Vec<&Line<'_>> = account
        .lines
        .iter()
        .filter(|line| line.found.is_some() && (all || line.standing == Standing::Likely))
        .collect();
    let items = desk.by_id();
    for line in &lines {
        let Some((found, item)) =
            line.found.as_ref().and_then(|found| Some((found, *items.get(&found.item)?)))
        else {
            continue;
        };
        let (label, row, described) = (&line.entry.label, &item.row, line.entry.described());
        let grounds: Vec<String> =
            found.grounds.iter().map(|ground| ui.say(&ground.text()).to_owned()).collect();
        let (between, confidence) = (if ui.lang == Lang::Zh { "；" } else { "; " }, found.confidence);
        let grounds = grounds.join(between);
        ui.line(table::shorten(&format!("{label}  {described}"), WIDTH));
        let is = text!("  序号 {row}  ", "  row {row}  ");
        ui.line(table::shorten(&format!("{}{}", ui.say(&is), called(item)), WIDTH));
        ui.tell(&text!("  把握 {confidence}%：{grounds}", "  {confidence}% sure: {grounds}"));
        if line.standing == Standing::Likely {
            ui.tell(&text!(
                "  是：archive registers confirm {label} {row}；否：archive registers refuse {label} {row}",
                "  yes: archive registers confirm {label} {row}; no: archive registers refuse {label} {row}"
            ));
        }
        ui.line("");
    }
    ui.tell(&counts(account.rate()));
    told(ui, &desk, &account, &lines)?;
    Ok(Exit::Done)
}

/// What a person recognises an item by.
pub(super) fn called(item: &Item) -> String {
    let number = item.number.as_ref().map(ToString::to_string).unwrap_or_default();
    if item.secrecy.level == SecrecyLevel::None { format!("{number}《{}》", item.title) } else { number }
}

/// The rates of each year, book and section, with their sums.
pub(super) struct Rates<'a> {
    /// Year, book, section (none where the book names none), rate.
    pub(super) sections: Vec<(i32, Direction, Option<&'a str>, Rate)>,
    /// In all.
    pub(super) total: Rate,
}

impl<'a> Rates<'a> {
    pub(super) fn of(account: &Account<'a>) -> Self {
        let mut sections: Vec<(i32, Direction, Option<&'a str>, Rate)> = account
            .rates()
            .into_iter()
            .map(|((year, direction, section), rate)| (year, direction, section, rate))
            .collect();
        // What names no section stands behind those that do.
        sections
            .sort_by_key(|(year, direction, section, _)| (*year, *direction, section.is_none(), *section));
        Self { sections, total: account.rate() }
    }

    /// The rates with the sum of each book behind its sections.
    pub(super) fn with_sums(&self) -> Vec<(i32, Direction, Section<'a>, Rate)> {
        let mut rows = Vec::new();
        for book in self.sections.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            rows.extend(book.iter().map(|(year, direction, section, rate)| {
                (*year, *direction, section.map_or(Section::Unnamed, Section::Named), *rate)
            }));
            if let Some((year, direction, ..)) = book.first() {
                let sum = book.iter().fold(Rate::default(), |sum, (.., rate)| sum.and(*rate));
                rows.push((*year, *direction, Section::Sum, sum));
            }
        }
        rows
    }
}

/// What a row of rates is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Section<'a> {
    Named(&'a str),
    Unnamed,
    Sum,
}

impl Section<'_> {
    pub(super) fn word(self) -> Text {
        match self {
            Self::Named(name) => text!("{name}", "{name}"),
            Self::Unnamed => Text::fixed("（未注明）", "(not named)"),
            Self::Sum => Text::fixed("合计", "sum"),
        }
    }
}

pub(super) fn rate(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct OfSection<'a> {
        year: i32,
        kind: &'static str,
        section: Option<&'a str>,
        #[serde(flatten)]
        rate: RateTold,
    }
    #[derive(Serialize)]
    struct All<'a> {
        sections: Vec<OfSection<'a>>,
        total: RateTold,
    }
    let ui = &context.ui;
    let desk = Desk::open(context)?;
    let account = desk.account(matches);
    let rates = Rates::of(&account);
    let head = match ui.lang {
        Lang::Zh => ["年度", "簿", "承办科室", "登记", "应归", "已归", "待认", "缺", "有去向", "归档率"],
        Lang::En => ["year", "book", "section", "reg.", "due", "arch.", "conf.", "miss.", "exc.", "rate"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let cells = |year: String, book: String, section: String, rate: Rate| {
        let others = rate.excused + rate.to_return + rate.repeated + rate.apart;
        let counted = [rate.registered, rate.due(), rate.archived, rate.likely, rate.missing, others];
        let mut row = vec![year, book, table::shorten(&section, 14)];
        row.extend(counted.map(|count| count.to_string()));
        row.push(rate.percent());
        row
    };
    for (year, direction, section, rate) in rates.with_sums() {
        let book = if ui.lang == Lang::Zh { direction.word() } else { direction.name() };
        rows.push(cells(year.to_string(), book.to_owned(), ui.say(&section.word()).to_owned(), rate));
    }
    let all = ui.say(&Text::fixed("总计", "total")).to_owned();
    rows.push(cells(String::new(), String::new(), all, rates.total));
    for line in table::lines(&rows) {
        ui.line(line);
    }
    ui.json(&All {
        sections: rates
            .sections
            .iter()
            .map(|(year, direction, section, rate)| OfSection {
                year: *year,
                kind: direction.name(),
                section: *section,
                rate: RateTold::of(*rate),
            })
            .collect(),
        total: RateTold::of(rates.total),
    })?;
    Ok(Exit::Done)
}

/// The gaps, the archive's own numbers counted as accounted for.
pub(super) fn found_gaps(desk: &Desk, year: Option<i32>) -> Vec<Gap> {
    let in_archive = desk.items.iter().flat_map(|item| {
        let bare = TitleParts::of(&item.title).bare;
        let parts = item.number.iter().flat_map(|number| &number.parts);
        parts.filter_map(move |part| Some((Series::of(part, bare, &item.bodies)?, part.serial)))
    });
    sequence::in_registers(&desk.books.entries, year, in_archive)
}

/// What a gap was found in, in words.
pub(super) fn found_in(gap: &Gap) -> Text {
    match gap.found_in {
        GapIn::Book(_) => Text::fixed("登记号", "lines"),
        GapIn::Numbers => Text::fixed("发文字号", "document numbers"),
        GapIn::Periodical => Text::fixed("期刊", "issues"),
    }
}

pub(super) fn gaps(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct GapTold<'a> {
        year: Option<i32>,
        found_in: &'static str,
        name: &'a str,
        unit: char,
        missing: Vec<(u32, u32)>,
    }
    #[derive(Serialize)]
    struct All<'a> {
        gaps: Vec<GapTold<'a>>,
    }
    let ui = &context.ui;
    let desk = Desk::open(context)?;
    let gaps = found_gaps(&desk, asked_year(matches));
    let rows: Vec<Vec<String>> = gaps
        .iter()
        .map(|gap| {
            vec![
                gap.year.map(|year| year.to_string()).unwrap_or_default(),
                ui.say(&found_in(gap)).to_owned(),
                table::shorten(&gap.name, 24),
                format!("{} {}", sequence::ranges(&gap.missing), gap.unit.word()),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    if gaps.is_empty() {
        ui.tell(&Text::fixed("没有缺号、缺期", "no number and no issue is missing"));
    }
    let gaps = gaps
        .iter()
        .map(|gap| GapTold {
            year: gap.year,
            found_in: match gap.found_in {
                GapIn::Book(Direction::Incoming) => "register-in",
                GapIn::Book(Direction::Outgoing) => "register-out",
                GapIn::Numbers => "numbers",
                GapIn::Periodical => "periodical",
            },
            name: &gap.name,
            unit: gap.unit.word(),
            missing: gap.missing.clone(),
        })
        .collect();
    ui.json(&All { gaps })?;
    Ok(Exit::Done)
}

/// The lines that must go back, of a year or all.
pub(super) fn asked_returns<'d>(context: &Context, desk: &'d Desk, year: Option<i32>) -> Vec<Return<'d>> {
    let mut list = clearing::returns(&desk.books.entries, &desk.books.clearings, context.today());
    list.retain(|one| year.is_none_or(|year| one.entry.year() == year));
    list
}

pub(super) fn returns(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct ReturnTold<'a> {
        #[serde(flatten)]
        entry: EntryTold<'a>,
        state: &'static str,
        returned: Option<String>,
        due: Option<String>,
    }
    #[derive(Serialize)]
    struct All<'a> {
        returns: Vec<ReturnTold<'a>>,
        outstanding: usize,
    }
    let ui = &context.ui;
    let desk = Desk::open(context)?;
    let list = asked_returns(context, &desk, asked_year(matches));
    let rows: Vec<Vec<String>> = list
        .iter()
        .map(|one| {
            let day = one.on.or(one.due.filter(|_| !one.state.is_done()));
            vec![
                one.entry.label.to_string(),
                table::shorten(&one.entry.described(), 40),
                ui.say(&one.state.word()).to_owned(),
                day.map(|day| day.to_string()).unwrap_or_default(),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    let (count, outstanding) = (list.len(), list.iter().filter(|one| !one.state.is_done()).count());
    ui.tell(&text!(
        "应清退 {count} 件，未退 {outstanding} 件",
        "{count} papers go back; {outstanding} haven't yet"
    ));
    let returns = list
        .iter()
        .map(|one| ReturnTold {
            entry: EntryTold::of(one.entry),
            state: one.state.name(),
            returned: one.on.map(|day| day.to_string()),
            due: one.due.map(|day| day.to_string()),
        })
        .collect();
    ui.json(&All { returns, outstanding })?;
    Ok(Exit::Done)
}
