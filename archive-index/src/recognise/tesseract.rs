//! Tesseract, as a process of its own: what it crashes on costs one page, and it can be ended.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use archive_core::text;
use archive_core::text::Text;

use super::{Engine, PagePicture, RecogniseError, recognised};
use crate::text::{Area, Line, Page};

const LANGUAGE: &str = "chi_sim";
const PROGRAM: &str = "tesseract";
/// How often a running process is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How long it may take to say its version.
const QUICK: Duration = Duration::from_secs(20);

/// The engine, once found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tesseract {
    version: String,
}

impl Tesseract {
    /// Looks for the program and its Chinese data.
    ///
    /// # Errors
    ///
    /// What is missing, and what to install.
    pub fn find() -> Result<Self, Text> {
        let said = |argument: &str| run(Command::new(PROGRAM).arg(argument), &[], QUICK);
        let (version, languages) = match (said("--version"), said("--list-langs")) {
            (Ok(version), Ok(languages)) => (version, languages),
            (Err(RecogniseError::NotRun(_)), _) => {
                return Err(Text::fixed(
                    "没有安装 tesseract（Debian：apt-get install tesseract-ocr tesseract-ocr-chi-sim）",
                    "tesseract isn't installed (Debian: apt-get install tesseract-ocr tesseract-ocr-chi-sim)",
                ));
            }
            (Err(error), _) | (_, Err(error)) => {
                return Err(text!("tesseract 不能用：{error}", "tesseract can't be used: {error}"));
            }
        };
        if !String::from_utf8_lossy(&languages).lines().any(|line| line.trim() == LANGUAGE) {
            return Err(Text::fixed(
                "tesseract 缺少中文数据 chi_sim（Debian：apt-get install tesseract-ocr-chi-sim）",
                "tesseract lacks its Chinese data chi_sim (Debian: apt-get install tesseract-ocr-chi-sim)",
            ));
        }
        let version = String::from_utf8_lossy(&version).lines().next().unwrap_or_default().trim().to_owned();
        Ok(Self { version })
    }
}

impl Engine for Tesseract {
    fn id(&self) -> String {
        format!("{} {LANGUAGE}", self.version)
    }

    fn read(&self, picture: &PagePicture, time: Duration) -> Result<Page, RecogniseError> {
        let mut command = Command::new(PROGRAM);
        command
            .args(["stdin", "stdout", "-l", LANGUAGE, "--psm", "3", "--dpi", &picture.density.to_string()])
            .args([
                "-c",
                &format!("tessedit_page_number={}", picture.index),
                "-c",
                "preserve_interword_spaces=1",
            ])
            .arg("tsv")
            // One page a process, as many processes as there are cores: its own threads only get in the way.
            .env("OMP_THREAD_LIMIT", "1");
        let table = run(&mut command, &picture.image, time)?;
        let table = String::from_utf8_lossy(&table);
        // It ends well even when it could make nothing of the picture; but then it names no page.
        if !table.lines().any(|row| row.starts_with("1\t")) {
            return Err(RecogniseError::Failed("no picture".to_owned()));
        }
        let (lines, confidence) = lines(&table);
        Ok(recognised(picture.number, lines, self.id(), confidence))
    }
}

/// Runs a program to its end, or ends it; what it wrote.
fn run(command: &mut Command, input: &[u8], time: Duration) -> Result<Vec<u8>, RecogniseError> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(RecogniseError::NotRun)?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(move || {
            // A program that doesn't want its input to the end has its reasons; they show in how it ends.
            if let Some(mut stdin) = stdin {
                let _ = stdin.write_all(input);
            }
        });
        let output = scope.spawn(move || drain(stdout));
        let complaint = scope.spawn(move || drain(stderr));
        let ended = wait(&mut child, time);
        let output = output.join().unwrap_or_default();
        let complaint = complaint.join().unwrap_or_default();
        match ended.map_err(RecogniseError::NotRun)? {
            None => Err(RecogniseError::TooSlow(time)),
            Some(true) => Ok(output),
            Some(false) => {
                let said = String::from_utf8_lossy(&complaint);
                let line = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("?");
                Err(RecogniseError::Failed(line.trim().to_owned()))
            }
        }
    })
}

/// Waits for a process, and kills it when the time is up. Whether it ended well; nothing if it was killed.
fn wait(child: &mut Child, time: Duration) -> std::io::Result<Option<bool>> {
    let until = Instant::now() + time;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        if Instant::now() >= until {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(LOOK);
    }
}

fn drain(from: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut from) = from {
        // What came before a failure is kept.
        let _ = from.read_to_end(&mut bytes);
    }
    bytes
}

/// The lines of tesseract's table, and how sure it is of their words on average.
fn lines(table: &str) -> (Vec<Line>, Option<f32>) {
    let mut lines: Vec<(Vec<&str>, Line)> = Vec::new();
    let mut paper = (1.0, 1.0);
    let (mut sure, mut letters) = (0.0, 0.0);
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [level, page, block, paragraph, line, _, left, top, width, height, confidence, word] =
            cells.as_slice()
        else {
            continue;
        };
        let number = |cell: &str| cell.parse::<f32>().unwrap_or_default();
        match *level {
            "1" => paper = (number(width).max(1.0), number(height).max(1.0)),
            "4" => {
                let area = Area {
                    left: number(left) / paper.0,
                    top: number(top) / paper.1,
                    width: number(width) / paper.0,
                    height: number(height) / paper.1,
                    fall: 0.0,
                };
                lines.push((
                    vec![page, block, paragraph, line],
                    Line { text: String::new(), area: Some(area) },
                ));
            }
            "5" if !word.trim().is_empty() => {
                let Some((place, line_of)) = lines.last_mut() else { continue };
                if *place != [*page, *block, *paragraph, *line] {
                    continue;
                }
                let latin = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_alphanumeric());
                if latin(line_of.text.chars().next_back()) && latin(word.chars().next()) {
                    line_of.text.push(' ');
                }
                line_of.text.push_str(word.trim());
                let weight = f32::from(u8::try_from(word.chars().count()).unwrap_or(u8::MAX));
                sure += number(confidence) / 100.0 * weight;
                letters += weight;
            }
            _ => {}
        }
    }
    let lines = lines.into_iter().map(|(_, line)| line).filter(|line| !line.text.is_empty()).collect();
    (lines, (letters > 0.0).then(|| sure / letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_becomes_lines_without_spaces_between_han() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
                     1\t1\t0\t0\t0\t0\t0\t0\t1000\t2000\t-1\t\n\
                     4\t1\t1\t1\t1\t0\t100\t200\t500\t40\t-1\t\n\
                     5\t1\t1\t1\t1\t1\t100\t200\t50\t40\t90\t防汛\n\
                     5\t1\t1\t1\t1\t2\t150\t200\t50\t40\t80\t抗旱\n\
                     5\t1\t1\t1\t1\t3\t200\t200\t50\t40\t85\tA4\n\
                     5\t1\t1\t1\t1\t4\t200\t200\t50\t40\t85\tpaper\n";
        let (lines, confidence) = lines(table);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].text, "防汛抗旱A4 paper");
        assert_eq!(lines[0].area.map(|area| (area.left, area.top)), Some((0.1, 0.1)));
        assert!(confidence.is_some_and(|sure| (0.8..0.9).contains(&sure)));
    }

    #[cfg(unix)]
    #[test]
    fn a_process_that_never_ends_is_ended() {
        let start = Instant::now();
        let endless = run(Command::new("sleep").arg("60"), b"", Duration::from_millis(100));
        assert!(matches!(endless, Err(RecogniseError::TooSlow(_))));
        assert!(start.elapsed() < Duration::from_secs(20));
        assert!(matches!(
            run(&mut Command::new("no-such-engine"), b"", QUICK),
            Err(RecogniseError::NotRun(_))
        ));
    }
}
