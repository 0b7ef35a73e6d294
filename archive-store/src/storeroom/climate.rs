//! The readings of the air (温湿度). They are only added to: a reading that was entered once isn't written over by another.

use archive_core::storeroom::climate::Reading;
use chrono::{NaiveDate, NaiveTime};
use rusqlite::params;
use serde::Serialize;
use serde_json::json;

use crate::audit::Act;
use crate::change::Change;
use crate::error::Result;
use crate::repository::Repository;

/// A reading with where it came from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KeptReading {
    /// The room.
    pub room: String,
    /// The reading.
    pub reading: Reading,
    /// The logger's file, or by hand.
    pub source: String,
}

/// What entering readings came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReadingsAdded {
    /// Entered.
    pub added: usize,
    /// Known already, the same.
    pub known: usize,
    /// At a moment for which there is another reading: left as it was.
    pub differing: Vec<String>,
}

impl Repository {
    /// The readings of a room (or of all), from one day to another, by time.
    pub fn readings(&self, room: Option<&str>, from: NaiveDate, to: NaiveDate) -> Result<Vec<KeptReading>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT room.code, day, time, temperature, humidity, source FROM reading JOIN room ON room.id = reading.room
             WHERE (?1 IS NULL OR room.code = ?1) AND day BETWEEN ?2 AND ?3
             ORDER BY room.code, day, time, reading.id",
        )?;
        let mut rows = statement.query(params![room, from.to_string(), to.to_string()])?;
        let mut readings = Vec::new();
        while let Some(row) = rows.next()? {
            let (day, time): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            let Ok(day) = day.parse() else { continue };
            readings.push(KeptReading {
                room: row.get(0)?,
                reading: Reading {
                    day,
                    time: time.and_then(|time| time.parse::<NaiveTime>().ok()),
                    temperature: row.get(3)?,
                    humidity: row.get(4)?,
                },
                source: row.get(5)?,
            });
        }
        Ok(readings)
    }
}

impl Change<'_> {
    /// Enters readings of a room. One that is known stays as it was.
    pub fn add_readings(&self, room: &str, readings: &[Reading], source: &str) -> Result<ReadingsAdded> {
        let row = self.room(room)?;
        let mut done = ReadingsAdded::default();
        let mut known = self.transaction.prepare_cached(
            "SELECT temperature, humidity FROM reading WHERE room = ?1 AND day = ?2 AND time IS ?3",
        )?;
        let mut enter = self.transaction.prepare_cached(
            "INSERT INTO reading (room, day, time, temperature, humidity, source, who) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for reading in readings {
            let day = reading.day.to_string();
            let time = reading.time.map(|time| time.format("%H:%M:%S").to_string());
            let there: Vec<(Option<f64>, Option<f64>)> = known
                .query_map(params![row, day, time], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            if there.contains(&(reading.temperature, reading.humidity)) {
                done.known += 1;
            } else if time.is_some() && !there.is_empty() {
                done.differing.push(format!("{day} {}", time.unwrap_or_default()));
            } else {
                enter.execute(params![
                    row,
                    day,
                    time,
                    reading.temperature,
                    reading.humidity,
                    source,
                    self.who()
                ])?;
                done.added += 1;
            }
        }
        if done.added > 0 {
            let days = readings.iter().map(|reading| reading.day);
            let detail = json!({
                "source": source,
                "added": done.added,
                "from": days.clone().min(),
                "to": days.max(),
            });
            self.record(&Act::ClimateRead.about(&format!("room:{room}"), detail))?;
        }
        Ok(done)
    }
}
