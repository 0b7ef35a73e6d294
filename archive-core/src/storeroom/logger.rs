//! Readings out of the table of an instrument: whatever its columns are called.
//!
//! Every maker of loggers has other headers (温度(℃), Celsius(°C), CH1 Temp, %RH …), other spellings of time,
//! and a few lines about itself above the table. The header row is the first one in which a time and a
//! temperature or humidity are recognised; what stands above it is skipped. A row that can't be read is
//! given back with the reason, never guessed at: an instrument that was switched off writes `--`.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::climate::Reading;
use crate::reading::{DateReading, ItemDate, RecordDate};
use crate::text;
use crate::text::Text;

/// A row of a table: its number as a spreadsheet shows it, and its cells.
pub type TableRow = (u32, Vec<String>);

/// What a table came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Logged {
    /// The readings, with the room each names, if the table has such a column.
    pub readings: Vec<(Option<String>, Reading)>,
    /// Rows that can't be read, and why.
    pub refused: Vec<(u32, Text)>,
    /// Rows without a value: the instrument was off.
    pub empty: usize,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// Day, or day and time.
    Day,
    /// Time of day in a column of its own.
    Time,
    Temperature {
        fahrenheit: bool,
    },
    Humidity,
    Room,
}

/// Reads a table; none if no row names a time and a temperature or humidity.
pub fn read(rows: &[TableRow]) -> Option<Logged> {
    let (at, columns) = rows.iter().take(60).enumerate().find_map(|(at, (_, cells))| {
        let columns = header(cells);
        let has = |wanted: fn(&Column) -> bool| columns.iter().any(|(_, column)| wanted(column));
        let values = has(|column| matches!(column, Column::Temperature { .. } | Column::Humidity));
        (values && has(|column| *column == Column::Day)).then_some((at, columns))
    })?;
    let place = |wanted: Column| columns.iter().find(|(_, column)| *column == wanted).map(|(at, _)| *at);
    let (day, time) = (place(Column::Day)?, place(Column::Time));
    let rows = &rows[at + 1..];
    let day_first = day_stands_first(rows, day);
    let mut logged = Logged::default();
    for (number, cells) in rows {
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let written = cell(day);
        let Some((on, within)) = moment(written, day_first) else {
            logged
                .refused
                .push((*number, text!("时间“{written}”不能识别", "the time “{written}” can't be read")));
            continue;
        };
        let mut reading = Reading {
            day: on,
            time: time.map_or(within, |at| clock(cell(at)).or(within)),
            temperature: None,
            humidity: None,
        };
        let mut wrong = None;
        for (at, column) in &columns {
            let target = match column {
                Column::Temperature { .. } => &mut reading.temperature,
                Column::Humidity => &mut reading.humidity,
                _ => continue,
            };
            if target.is_some() {
                continue;
            }
            match value(cell(*at)) {
                Ok(found) => {
                    *target = found.map(|found| match column {
                        Column::Temperature { fahrenheit: true } => (found - 32.0) * 5.0 / 9.0,
                        _ => found,
                    });
                }
                Err(written) => wrong = Some(written),
            }
        }
        if let Some(written) = wrong {
            logged.refused.push((*number, text!("“{written}”不是数值", "“{written}” is no number")));
        } else if reading.temperature.is_none() && reading.humidity.is_none() {
            logged.empty += 1;
        } else if reading.is_possible() {
            let room = place(Column::Room).map(|at| cell(at).to_owned()).filter(|room| !room.is_empty());
            logged.readings.push((room, reading));
        } else {
            let (t, h) = (reading.temperature.unwrap_or_default(), reading.humidity.unwrap_or_default());
            logged.refused.push((
                *number,
                text!(
                    "{t} ℃、{h} % 不可能，仪器或记录有误",
                    "{t} degrees and {h} per cent can't be: a fault"
                ),
            ));
        }
    }
    Some(logged)
}

fn header(cells: &[String]) -> Vec<(usize, Column)> {
    let mut columns = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        if let Some(column) = column(cell) {
            columns.push((at, column));
        }
    }
    // A column of time beside one of days is the time of day; alone it holds both.
    let days = columns.iter().filter(|(_, column)| *column == Column::Day).count();
    if days == 0
        && let Some((_, column)) = columns.iter_mut().find(|(_, column)| *column == Column::Time)
    {
        *column = Column::Day;
    }
    columns
}

fn column(header: &str) -> Option<Column> {
    let plain: String = header
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '_' && *c != '-')
        .collect::<String>()
        .to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    if plain.is_empty()
        || plain.chars().count() > 30
        || has(&["露点", "dew", "报警", "alarm", "上限", "下限", "wetbulb"])
    {
        return None;
    }
    let fahrenheit = has(&["℉", "°f", "fahrenheit", "(f)", "华氏"]);
    if has(&["温度", "气温", "库温", "temp", "celsius", "fahrenheit", "℃", "°c", "℉", "°f"]) || plain == "t"
    {
        return Some(Column::Temperature { fahrenheit });
    }
    if has(&["湿度", "humid", "%rh", "rh%", "(rh)"]) || ["rh", "h", "hum", "rh(%)"].contains(&plain.as_str())
    {
        return Some(Column::Humidity);
    }
    if has(&["库房", "房间", "room", "location", "地点", "位置"]) {
        return Some(Column::Room);
    }
    if has(&["日期", "date", "timestamp", "datetime", "年月日"]) || plain == "日" {
        return Some(Column::Day);
    }
    if has(&["时间", "时刻", "time"]) {
        return Some(Column::Time);
    }
    None
}

/// Whether dates with slashes begin with the day: some first number is no month.
fn day_stands_first(rows: &[TableRow], column: usize) -> bool {
    rows.iter().any(|(_, cells)| {
        let first = cells.get(column).and_then(|cell| cell.trim().split(['/', '-', '.']).next());
        first
            .and_then(|first| first.trim().parse::<u32>().ok())
            .is_some_and(|first| (13..=31).contains(&first))
    })
}

/// A day, with the time of day where it stands beside it.
pub fn moment(written: &str, day_first: bool) -> Option<(NaiveDate, Option<NaiveTime>)> {
    let written = written.trim();
    // The number a spreadsheet keeps: days since 1900, with a fraction for the time.
    if let Ok(serial) = written.parse::<f64>()
        && (20_000.0..80_000.0).contains(&serial)
    {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // bounded just above
        let (days, seconds) = (serial.trunc() as u64, (serial.fract() * 86_400.0).round() as u32);
        let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(days))?;
        let time =
            (seconds > 0).then(|| NaiveTime::from_num_seconds_from_midnight_opt(seconds.min(86_399), 0))?;
        return Some((day, time));
    }
    if let Ok(full) = chrono::DateTime::parse_from_rfc3339(written) {
        let local: NaiveDateTime = full.naive_local();
        return Some((local.date(), Some(local.time())));
    }
    let (date, time) = match written.find(['日', 'T', ' ', '\u{a0}', '　']) {
        Some(at) => {
            let width = written[at..].chars().next().map_or(0, char::len_utf8);
            let keep = if written[at..].starts_with('日') { at + width } else { at };
            (&written[..keep], written[at + width..].trim())
        }
        None => (written, ""),
    };
    let day = numbers_with_year_last(date, day_first).or_else(|| match ItemDate::read(date).reading {
        DateReading::On(day @ RecordDate::Day(_)) => Some(day.first_day()),
        _ => None,
    })?;
    Some((day, clock(time)))
}

/// `1/31/2004`, `31.1.2004`: loggers from elsewhere.
fn numbers_with_year_last(date: &str, day_first: bool) -> Option<NaiveDate> {
    let parts: Vec<&str> = date.split(['/', '-', '.']).collect();
    let [one, two, year] = &parts[..] else { return None };
    if year.len() != 4 {
        return None;
    }
    let (one, two, year): (u32, u32, i32) = (one.parse().ok()?, two.parse().ok()?, year.parse().ok()?);
    let (month, day) = if day_first { (two, one) } else { (one, two) };
    NaiveDate::from_ymd_opt(year, month, day)
}

/// A time of day: `9:30`, `09:30:00`, `9时30分`, `下午3:05`, `3:05 PM`.
pub fn clock(written: &str) -> Option<NaiveTime> {
    // A spreadsheet keeps a time of day as a part of the day.
    if let Ok(part) = written.trim().parse::<f64>()
        && (0.0..1.0).contains(&part)
    {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // bounded just above
        let seconds = (part * 86_400.0).round() as u32;
        return NaiveTime::from_num_seconds_from_midnight_opt(seconds.min(86_399), 0);
    }
    let lower = written.trim().to_lowercase();
    let afternoon = lower.contains("pm") || lower.contains("下午") || lower.contains("晚");
    let morning = lower.contains("am") || lower.contains("上午") || lower.contains("凌晨");
    let numbers: Vec<u32> = lower
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map_while(|part| part.parse().ok())
        .collect();
    let (&hour, rest) = numbers.split_first()?;
    let hour = match (afternoon, morning) {
        (true, _) if hour < 12 => hour + 12,
        (_, true) if hour == 12 => 0,
        _ => hour,
    };
    let minute = rest.first().copied().unwrap_or(0);
    NaiveTime::from_hms_opt(hour, minute, rest.get(1).copied().unwrap_or(0).min(59))
}

/// A value with or without its unit; nothing where the instrument wrote none.
pub fn value(written: &str) -> Result<Option<f64>, String> {
    let plain: String = written
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .trim_end_matches(['℃', '%', '℉', '％'])
        .trim_end_matches("%RH")
        .trim_end_matches("°C")
        .trim_end_matches("°F")
        .trim_end_matches("RH")
        .trim_end_matches('%')
        .replace(['，', '。'], ".");
    let nothing =
        ["", "-", "--", "---", "----", "n/a", "na", "null", "nan", "无", "缺", "—", "——", "err", "error"];
    if nothing.contains(&plain.to_lowercase().as_str()) {
        return Ok(None);
    }
    // A decimal comma, as some machines write it.
    let plain =
        if plain.matches(',').count() == 1 && !plain.contains('.') { plain.replace(',', ".") } else { plain };
    match plain.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        _ => Err(written.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<TableRow> {
        (1..)
            .zip(text.lines())
            .map(|(number, line)| (number, line.split('|').map(str::to_owned).collect()))
            .collect()
    }

    fn shown(text: &str) -> Vec<String> {
        let logged = read(&table(text)).expect("a header");
        let one = |(room, r): &(Option<String>, Reading)| {
            format!(
                "{}{} {} {:.1} {:.1}",
                room.as_ref().map_or_else(String::new, |room| format!("{room}: ")),
                r.day,
                r.time.map_or_else(|| "-".to_owned(), |time| time.to_string()),
                r.temperature.unwrap_or(f64::NAN),
                r.humidity.unwrap_or(f64::NAN),
            )
        };
        logged.readings.iter().map(one).collect()
    }

    #[test]
    fn instruments_of_many_makers_are_read() {
        assert_eq!(
            shown(
                "温湿度记录仪 SN 0071\n\n序号|记录时间|温度(℃)|相对湿度(%RH)|露点\n1|2004-07-12 09:00:00|23.5|71.0|17.9"
            ),
            ["2004-07-12 09:00:00 23.5 71.0"]
        );
        assert_eq!(
            shown("Serial|Time|Celsius(°C)|Humidity(%rh)|Dew Point(°C)\n1|31/01/2004 14:05|20,5|50,0|9.7"),
            ["2004-01-31 14:05:00 20.5 50.0"]
        );
        assert_eq!(
            shown("Date|Time|Temp F (°F)|RH%\n1/5/2004|3:05 PM|68|48%"),
            ["2004-01-05 15:05:00 20.0 48.0"]
        );
        assert_eq!(
            shown(
                "日期|时刻|库房|温度|湿度\n2004年7月12日|上午9时|一号库|22℃|55%\n2004.7.13|下午3:30|一号库|23|--"
            ),
            ["一号库: 2004-07-12 09:00:00 22.0 55.0", "一号库: 2004-07-13 15:30:00 23.0 NaN"]
        );
        assert_eq!(
            shown("Timestamp|T|H\n2004-07-12T09:00:00+08:00|20|50"),
            ["2004-07-12 09:00:00 20.0 50.0"]
        );
        assert_eq!(shown("DateTime|Temp|Hum\n38180.5|20|50"), ["2004-07-12 12:00:00 20.0 50.0"]);
        assert_eq!(shown("Date|Time|Temp|RH\n2004-07-12|0.375|20|50"), ["2004-07-12 09:00:00 20.0 50.0"]);
    }

    #[test]
    fn what_cannot_be_read_is_given_back_with_its_row() {
        let logged = read(&table(
            "日期|温度|湿度\n2004-02-30|20|50\n2004-03-01|二十|50\n2004-03-02|200|50\n2004-03-03|--|\n||",
        ))
        .unwrap();
        let rows: Vec<u32> = logged.refused.iter().map(|(row, _)| *row).collect();
        assert_eq!((rows, logged.empty, logged.readings.len()), (vec![2, 3, 4], 1, 0));
        assert_eq!(read(&table("题名|日期\n通知|2004-05-06")), None, "a register is no logger");
    }
}
