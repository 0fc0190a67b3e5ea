package tracking

// MaxProblems bounds the problems that are told one by one, of one message.
const MaxProblems = 1000

// Problem is what is wrong with a message, or with one event of it. It repeats nothing of the content.
type Problem struct {
	// Index is the event's place in the message, counted from 0 as JSON pointers count; below zero where the problem is that of the whole.
	Index int `json:"index"`
	// Code is for programs, such as NO_TIME, and Message for people.
	Code    string `json:"code"`
	Message string `json:"message"`
	// Refused tells that the event could not be used at all; the others are odd and count.
	Refused bool `json:"refused,omitempty"`
}

// Captured is what a message that was captured holds, event by event.
type Captured struct {
	Reports []Report
	// Problems are what was wrong, in the order of the events: at most MaxProblems.
	Problems []Problem
	// Events is how many events the message has, Refused how many of them could not be used, also those beyond Problems. Single tells that the
	// message is an event by itself.
	Events, Refused int
	Single          bool
}
