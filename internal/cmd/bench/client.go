package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	// answerTime bounds one request.
	answerTime = 30 * time.Second
	// samplePages of a hundred customers each are what requests are about.
	samplePages = 20
)

// client asks one server over a number of connections, which it keeps.
type client struct {
	url   string
	token string
	http  *http.Client
}

func newClient(url, token string, connections int) *client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	return &client{url: url, token: token, http: &http.Client{Timeout: answerTime, Transport: &http.Transport{
		DialContext: dialer.DialContext, MaxIdleConns: connections, MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections,
		DisableCompression: true,
	}}}
}

// close gives the connections up.
func (c *client) close() { c.http.CloseIdleConnections() }

// ask sends a request and reads its answer into into.
func (c *client) ask(ctx context.Context, body []byte, into *bytes.Buffer) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	into.Reset()
	_, err = into.ReadFrom(response.Body)
	err = errors.Join(err, response.Body.Close())
	if err != nil {
		return fmt.Errorf("read an answer: %w", err)
	}
	if response.StatusCode != http.StatusOK || bytes.Contains(into.Bytes(), []byte(`"errors":`)) {
		return fmt.Errorf("status %d: %s", response.StatusCode, codes(into.Bytes()))
	}
	return nil
}

// codes are the error codes of an answer. Its data stay out of messages.
func codes(answer []byte) string {
	var told struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	err := json.Unmarshal(answer, &told)
	if err != nil || len(told.Errors) == 0 {
		return "no GraphQL answer"
	}
	return told.Errors[0].Extensions.Code
}

const customersQuery = `query BenchCustomers($after: String) {
  customers(first: 100, after: $after) { nodes { id number } pageInfo { hasNextPage endCursor } }
}`

// customers reads a sample of customers from the API itself.
func (c *client) customers(ctx context.Context) ([]customer, error) {
	var found []customer
	var after *string
	var buffer bytes.Buffer
	for range samplePages {
		body, err := json.Marshal(map[string]any{"query": customersQuery, "variables": map[string]any{"after": after}})
		if err != nil {
			return nil, err
		}
		err = c.ask(ctx, body, &buffer)
		if err != nil {
			return nil, fmt.Errorf("read customers from the API: %w", err)
		}
		var answer struct {
			Data struct {
				Customers struct {
					Nodes    []customer
					PageInfo struct {
						HasNextPage bool
						EndCursor   *string
					}
				}
			}
		}
		err = json.Unmarshal(buffer.Bytes(), &answer)
		if err != nil {
			return nil, fmt.Errorf("read customers from the API: %w", err)
		}
		found = append(found, answer.Data.Customers.Nodes...)
		if !answer.Data.Customers.PageInfo.HasNextPage {
			break
		}
		after = answer.Data.Customers.PageInfo.EndCursor
	}
	if len(found) == 0 {
		return nil, errors.New("the API knows no customers")
	}
	return found, nil
}

// get reads a page of the admin's address.
func get(ctx context.Context, url string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	return body, errors.Join(err, response.Body.Close())
}
