//! `archive serve` as it is started, asked and stopped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::desk::Desk;

#[test]
fn it_says_its_address_on_one_line_serves_what_is_open_and_stops_cleanly() {
    let desk = Desk::with_repository();
    let begun = Instant::now();
    let mut server = desk
        .command(["serve", "-R", "repository"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "a loaded machine may take a little; {:?} is too much",
        begun.elapsed()
    );
    let address = line.trim().strip_prefix("http://").unwrap().trim_end_matches('/');
    assert!(address.starts_with("127.0.0.1:"), "{line}");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /browse.json HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    assert!(said.contains("\"lines\": []"), "nothing is open: {said}");
    #[cfg(unix)]
    {
        Command::new("kill").args(["-INT", &server.id().to_string()]).status().unwrap();
        assert_eq!(server.wait().unwrap().code(), Some(0));
        let mut told = String::new();
        server.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert!(told.contains("一次性代码"), "{told}");
        assert!(!desk.path("repository/accounts.json").exists(), "the code stands in the terminal only");
    }
    #[cfg(not(unix))]
    server.kill().unwrap();
}

#[test]
fn an_address_others_can_reach_needs_a_proxy_before_it() {
    let desk = Desk::with_repository();
    let refused = desk.at_repository(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.status, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("--behind-proxy"), "{}", refused.stderr);
}
