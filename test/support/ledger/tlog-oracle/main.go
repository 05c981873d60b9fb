// An oracle for src/seals: Go's implementation of RFC 6962 and of signed notes checks what ours says. It reads JSON on standard input and
// prints a sentence for each difference.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type claims struct {
	Leaves     []string
	Roots      []tlog.Hash // of the first 0, 1, 2 … leaves
	Inclusions []struct {
		Index, Size int64
		Proof       []tlog.Hash
	}
	Consistencies []struct {
		From, To int64
		Proof    []tlog.Hash
	}
	Note string
	Key  string
}

func main() {
	var told claims
	if err := json.NewDecoder(os.Stdin).Decode(&told); err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = hashes[index]
		}
		return found, nil
	})
	for i, leaf := range told.Leaves {
		stored, err := tlog.StoredHashes(int64(i), []byte(leaf), reader)
		if err != nil {
			fmt.Println(err)
			os.Exit(2)
		}
		hashes = append(hashes, stored...)
		root, err := tlog.TreeHash(int64(i+1), reader)
		if err != nil || root != told.Roots[i+1] {
			fmt.Printf("root of %d leaves: %v %v\n", i+1, root, err)
		}
	}
	for _, each := range told.Inclusions {
		leaf := tlog.RecordHash([]byte(told.Leaves[each.Index]))
		if err := tlog.CheckRecord(each.Proof, each.Size, told.Roots[each.Size], each.Index, leaf); err != nil {
			fmt.Printf("leaf %d of %d: %v\n", each.Index, each.Size, err)
		}
	}
	for _, each := range told.Consistencies {
		if err := tlog.CheckTree(each.Proof, each.To, told.Roots[each.To], each.From, told.Roots[each.From]); err != nil {
			fmt.Printf("%d to %d: %v\n", each.From, each.To, err)
		}
	}
	verifier, err := note.NewVerifier(told.Key)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := note.Open([]byte(told.Note), note.VerifierList(verifier)); err != nil {
		fmt.Println(err)
	}
}
